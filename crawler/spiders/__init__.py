"""The spiders: what is asked for, in which order, and what is read from the answers."""

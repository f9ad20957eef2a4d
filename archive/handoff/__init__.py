"""The handoff to the parsing stage: messages, and groups that pull and ack them."""

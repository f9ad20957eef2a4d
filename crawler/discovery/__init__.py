"""Discovery: which links of a portal lead to reports, and what is asked for next."""

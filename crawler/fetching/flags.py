"""Flags: what a Response says of itself beside what its message says."""

TRUNCATED = "truncated"
"""It was cut short: by time, by its length, or by the server. The next flag says by what."""
BODY_CUT = "body-cut"
"""The body that a spider sees is only the beginning of what was kept."""
RENDERED = "rendered"
"""Its body is the DOM that a browser made of the page."""

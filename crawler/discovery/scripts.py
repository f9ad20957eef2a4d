"""Scripts that fetch: whether a page may fill itself after it was loaded."""

import re

FETCHES = re.compile(r"<script[^>]+\bsrc\s*=|\bfetch\s*\(|XMLHttpRequest|\bajax\b|\baxios\b", re.IGNORECASE)


def fetches(html: str) -> bool:
    """Whether it loads a script from elsewhere, or its own asks for something by itself."""
    return FETCHES.search(html) is not None

"""Markup as a tree, in bounded time: a parser takes the square of the nesting's depth, so deeper pages are cut off.

What is cut is the rest of the page, from the tag on that would go too deep: no page that people read comes near it.
"""

import re
from collections import Counter
from itertools import islice
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

LONGEST = 12 * 1024 * 1024
"""Characters."""
DEEPEST = 6000
"""Open elements. Ten thousand take a fifth of a second, sixty thousand six seconds."""
CHOICES_MOST = 4000
"""Options and selects: the parser takes the square of these too. What is beyond becomes an empty element."""
_CHOICE = re.compile(r"<(?:option|select)\b", re.IGNORECASE)
# these are closed by their like, or have no inside: thousands of them in a row are a long page, not a deep one
_SHALLOW = "a|area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|param|source|tbody|td|th|tr|wbr"
_TAG = re.compile(rf"<(/?)(?!(?:{_SHALLOW})\b)([a-z][a-z0-9]{{0,15}})", re.IGNORECASE)


def tree_of(html: str) -> LexborHTMLParser:
    try:
        return LexborHTMLParser(_bounded(html[:LONGEST]))
    except SelectolaxError:  # markup that no parser survives has nothing in it
        return LexborHTMLParser("")


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What the page's relative addresses are relative to."""
    declared = tree.css_first("base[href]")
    try:
        return urljoin(url, declared.attributes.get("href") or "") if declared else url
    except ValueError:  # as browsers do: a base that is no address is none
        return url


def _bounded(html: str) -> str:
    if html.count("<") <= CHOICES_MOST:
        return html
    choice = next(islice(_CHOICE.finditer(html), CHOICES_MOST, None), None)
    if choice:
        html = html[: choice.start()] + _CHOICE.sub("<wbr", html[choice.start() :])
    return html[: _too_deep(html)]


def _too_deep(html: str) -> int:
    """Where the tag stands that goes too deep, or the end."""
    unclosed: Counter[str] = Counter()
    depth = 0
    for tag in _TAG.finditer(html):
        closing, name = tag[1], tag[2].lower()
        if closing and not unclosed[name]:
            continue
        unclosed[name] += -1 if closing else 1
        depth += -1 if closing else 1
        if depth > DEEPEST:
            return tag.start()
    return len(html)

"""An answer: what an endpoint said in JSON, of which nothing is certain: neither that it is, nor what stands in it."""

import json
import re
from html import unescape
from urllib.parse import urljoin

from archive.reports.address import address
from crawler.discovery.links import Link
from crawler.discovery.listing import Ask
from crawler.discovery.literal import sound

SCRIPTED = ("X-Requested-With", "XMLHttpRequest")
FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
"""What a page's script says of itself; some servers answer 403 to who does not."""
MOST = 10_000_000
TAG = re.compile(r"<[^<>]*>")


class Unreadable(ValueError):
    """An answer that should have been a list's page, and is none. The message is one line."""


def read_answer(text: str) -> dict[str, object]:
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON where a list's page was due: {text[:60]!r}") from error
    if not isinstance(value, dict):
        raise Unreadable(f"a list's page was due, not {text[:60]!r}")
    return value


def within(value: object, *path: str) -> object:
    """What stands under these names, one in the other; None where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def number(value: object) -> int | None:
    """A count or a page's number, which some write as a string."""
    if isinstance(value, str) and len(value) < len(str(MOST)) and value.isascii() and value.isdecimal():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST else None


def row_link(target: object, title: object, base: str) -> Link | None:
    """Titles may be marked up."""
    if not isinstance(target, str) or not target.strip():
        return None
    url = address(sound(target), base=base, charset="utf-8")
    words = unescape(TAG.sub("", sound(title))) if isinstance(title, str) else ""
    return Link(url=url, text=" ".join(words.split())) if url else None


def page_of(asked: Ask) -> str:
    """The page whose script asks: what an answer's links are relative to."""
    return next((urljoin(asked.url, value) for name, value in asked.headers if name == "Referer"), asked.url)

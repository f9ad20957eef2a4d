"""Addresses as they go over the wire: what a browser would ask for when it follows a link.

Links are compared with captures by their text, so what a page writes (`附件 1.pdf#page=2`) and what was fetched
(`%E9%99%84%E4%BB%B6%201.pdf`) must be one string before either is looked for.
"""

from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string

WEB = {"http", "https"}


def address(target: str, *, base: str, charset: str) -> str | None:
    """The absolute address without its fragment; None if it is none of the web. As browsers do, a path is escaped as
    UTF-8 and a query in the page's own charset (https://url.spec.whatwg.org/#concept-basic-url-parser)."""
    try:
        joined = urljoin(base, target.strip()).partition("#")[0]
        place = urlsplit(joined)
        if place.scheme not in WEB or not place.hostname:
            return None
        return str(safe_url_string(joined, encoding=charset))
    except (ValueError, LookupError):  # a port that is none, a bracket without its pair; a charset nobody knows
        return None

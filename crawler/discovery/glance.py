"""A glance at an answer: what can be told of a page without understanding it.

Answer --glance--> Glance: title, words outside links, addresses linked, its text and inline script
a home page's answer --fingerprint_of--> Fingerprint, by which other answers that show it are known again
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.reports.charset import decode
from archive.reports.text import normal_form
from crawler.discovery.markup import tree_of

LOOKED_AT = 256 << 10
"""Bytes. What error pages, walls and shells say they say at once; of a home page this much tells it from others."""
HEAD = 8 << 10
ALIKE = 0.8
"""A home page's counters, dates and newest news change from one look to the next."""
FEW = 5
"""Pages with so few links are the same only where all their links and words are."""
_DROPPED = ["script", "style", "noscript", "template", "svg"]
_HTML = (b"<!doctype html", b"<html", b"<head", b"<script", b"<meta", b"<body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`asked` is the address asked for, `url` the one that answered after redirects; `headers` have lower-case names,
    repeated ones joined by commas. `body` is without content coding; its beginning suffices. `home` says that the
    portal's home page was asked for."""

    asked: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    home: bool = False

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def begins_as_html(self) -> bool:
        return self.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML)

    @property
    def is_page(self) -> bool:
        """Whether it is HTML, whatever it was asked or declared to be."""
        return self.begins_as_html or self.media_type in {"text/html", "application/xhtml+xml", ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """`words` are the page's outside links, in normal form; `markup` is as written, as far as was looked."""

    title: str
    words: str
    links: frozenset[str]
    text: str
    script: str
    markup: str
    embeds: bool

    @property
    def lines(self) -> frozenset[str]:
        """Made when asked for: few pages have a home page's title."""
        return frozenset(line for line in map(normal_form, self.text.split("\n")) if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """A portal's home page as it answered in this run. `front` are the answer's headers that name who speaks for the
    server: the same in front of an error page say nothing about it."""

    url: str
    title: str
    links: frozenset[str]
    lines: frozenset[str]
    front: frozenset[str]

    def shown_by(self, page: Glance) -> bool:
        if not self.links or page.title != self.title:
            return False
        if len(self.links) < FEW:
            return page.links == self.links and page.lines == self.lines
        return _likeness(page.links, self.links) >= ALIKE and _likeness(page.lines, self.lines) >= ALIKE


def fingerprint_of(answer: Answer) -> Fingerprint:
    """Of a home page that answered with content."""
    page = glance(answer)
    return Fingerprint(
        url=answer.url, title=page.title, links=page.links, lines=page.lines, front=front_of(answer.headers)
    )


def front_of(headers: Mapping[str, str]) -> frozenset[str]:
    """Names and values of headers that a server, or what stands before it, says of itself; cookies by their names."""
    named = {f"{name}: {headers[name]}" for name in ("server", "x-powered-by", "x-via", "via") if headers.get(name)}
    return frozenset(named | {f"set-cookie: {name}" for name in cookies_of(headers)})


def cookies_of(headers: Mapping[str, str]) -> list[str]:
    """The names of the cookies that an answer sets."""
    first = (part.strip().partition("=") for part in headers.get("set-cookie", "").split(","))
    # a comma in an Expires attribute begins a part without a name
    return [name for name, equals, _ in first if equals and " " not in name]


def title_of(answer: Answer) -> str:
    """What `glance` would find, without reading all of the page."""
    head = decode(answer.body[:HEAD], answer.headers.get("content-type"))[0]
    title = tree_of(head).css_first("title")
    return normal_form(title.text() if title else "")


def glance(answer: Answer) -> Glance:
    markup = decode(answer.body[:LOOKED_AT], answer.headers.get("content-type"))[0]
    tree = tree_of(markup)
    title = tree.css_first("title")
    script = "\n".join(node.text() or "" for node in tree.css("script:not([src])"))
    embeds = tree.css_first("iframe, frame, embed, object") is not None
    targets = (node.attributes.get("href") or "" for node in tree.css("a[href], area[href]"))
    links = frozenset(target for target in targets if target and not target.startswith(("#", "javascript:")))
    tree.strip_tags(_DROPPED, recursive=True)
    whole = tree.body
    text = whole.text(separator="\n", strip=True) if whole else ""
    tree.strip_tags(["a"], recursive=True)
    return Glance(
        title=normal_form(title.text() if title else ""),
        words=normal_form(tree.body.text() if tree.body else ""),
        links=links,
        text=text,
        script=script,
        markup=markup,
        embeds=embeds,
    )


def is_front_page(url: str) -> bool:
    """Whether an address is a site's first page by its path alone."""
    path = urlsplit(url).path.strip("/").lower()
    return "/" not in path and path.partition(".")[0] in {"", "index", "default", "home", "main"}


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)

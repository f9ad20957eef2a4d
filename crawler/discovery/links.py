"""Links: what a page points at, as a reader would follow it: anchors, frames, and what it takes to show the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from archive.reports.address import address
from archive.reports.text import bounded, names_a_file

CUT_SHORT = re.compile(r"(?:\.{2,}|…+)$")
REQUISITES = {"link[rel~=stylesheet]": "href", "link[rel~=icon]": "href", "script[src]": "src", "img[src]": "src"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`text` is the anchor's text, or its title attribute where a list cut the text short."""

    url: str
    text: str

    @property
    def is_file(self) -> bool:
        return names_a_file(self.url)


def links_of(html: str, base: str, charset: str = "utf-8") -> list[Link]:
    """`charset` is the page's: links' queries are escaped in it."""
    tree = _tree(html)
    root = _base(tree, base)
    anchors = (_link(node, "href", root, charset) for node in tree.css("a[href], area[href]"))
    frames = (_link(node, "src", root, charset) for node in tree.css("iframe[src], frame[src]"))
    return [link for link in (*anchors, *frames) if link]


def requisites_of(html: str, base: str, charset: str = "utf-8") -> Iterator[str]:
    """Style sheets, scripts and images: without them a page kept is not the page seen."""
    tree = _tree(html)
    root = _base(tree, base)
    for selector, attribute in REQUISITES.items():
        for node in tree.css(selector):
            if link := _link(node, attribute, root, charset):
                yield link.url


def _tree(html: str) -> LexborHTMLParser:
    try:
        return LexborHTMLParser(bounded(html))
    except SelectolaxError:  # markup that no parser survives has no links
        return LexborHTMLParser("")


def _base(tree: LexborHTMLParser, base: str) -> str:
    declared = tree.css_first("base[href]")
    try:
        return urljoin(base, declared.attributes.get("href") or "") if declared else base
    except ValueError:  # as browsers do: a base that is no address is none
        return base


def _link(node: LexborNode, attribute: str, base: str, charset: str) -> Link | None:
    url = address(node.attributes.get(attribute) or "", base=base, charset=charset)
    if url is None:
        return None
    text, title = (" ".join(each.split()) for each in (node.text(deep=True), node.attributes.get("title") or ""))
    return Link(url=url, text=title if title and (not text or CUT_SHORT.search(text)) else text)

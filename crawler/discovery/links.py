"""Links: what a page points at, as a reader would follow it: anchors, frames, choices, scripts, and what it takes to
show the page.

    a        <a href>, <area href>                             frame    <iframe src>, <frame src>
    option   <option value="/x/">, or a number of which        script   onclick, javascript:, data-href, data-url
             its <select> or its form makes an address         refresh  a page that sends its reader on
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.reports.address import address
from archive.reports.text import names_a_file
from crawler.discovery.markup import base_of, tree_of
from crawler.discovery.places import Place, places_of
from crawler.discovery.scripts import SUBMITS, WRITTEN, Script, code_of

CUT_SHORT = re.compile(r"(?:\.{2,}|…+)$")
REQUISITES = {"link[rel~=stylesheet]": "href", "link[rel~=icon]": "href", "script[src]": "src", "img[src]": "src"}
COUNTER = re.compile(
    r"/click/|clicktimes|dynclicks\.jsp|(?:counter|hits?|visit)\.(?:jsp|php|aspx?|do)\b", re.IGNORECASE
)
REFRESH = re.compile(r"\d*\s*;\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
SCENERY = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|mp[34]|swf)(?:\?|$)", re.IGNORECASE)
PLAIN = re.compile(r"/[\w.~/-]*", re.ASCII)
FORM_FAR = 20
"""Elements between a <select> and its form."""
SHELL_MOST = 4000
"""Characters: a page that is longer and has links is one to read, whatever its scripts do later."""

Form = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`text` is the anchor's text, or its title attribute where a list cut the text short; `title` is the attribute.

    `position` is where on the page it stands (see `crawler.discovery.places`), `row`: as a row of a list with a date
    beside it; `tag` is what makes it a link. `fragment` is what the address lost behind its #: a route, for some pages.
    """

    url: str
    text: str
    title: str = ""
    position: str = "main"
    row: bool = False
    tag: str = "a"
    fragment: str = ""

    @property
    def is_file(self) -> bool:
        return names_a_file(self.url)


def links_of(html: str, base: str, charset: str = "utf-8") -> list[Link]:
    """In the order of the page. `charset` is the page's: links' queries are escaped in it."""
    page = page_at(base, html, charset)
    links = [link for place in page.places for link in page.links_at(place)]
    # a long page with links is there to be read; one with a clock in it would be left by itself
    if len(html) < SHELL_MOST or not links:
        links += page.sent_on()
    return links


@lru_cache(maxsize=2)
def page_at(url: str, html: str, charset: str = "utf-8") -> "Page":
    """One reading of a page for all who look at it, one after the other."""
    return Page(html, url, charset)


def requisites_of(html: str, base: str, charset: str = "utf-8") -> Iterator[str]:
    """Style sheets, scripts and images: without them a page kept is not the page seen. A counter of visits is none."""
    tree = tree_of(html)
    root = base_of(tree, base)
    for selector, attribute in REQUISITES.items():
        for node in tree.css(selector):
            url = address(node.attributes.get(attribute) or "", base=root, charset=charset)
            if url and not COUNTER.search(url):
                yield url


class Page:
    """A page taken apart: its tree, its places, its script, and the base of its addresses."""

    def __init__(self, html: str, url: str, charset: str = "utf-8") -> None:
        self.url = url
        self.tree: LexborHTMLParser = tree_of(html)
        self.base = base_of(self.tree, url)
        self.charset = charset
        self._origin = (address("/", base=self.base, charset=charset) or "").removesuffix("/")
        self.places = places_of(self.tree)
        self.code = code_of(self.tree)
        self.script = Script(self.code, url)
        self._forms: dict[int, Form] = {}

    @property
    def rows(self) -> int | None:
        """Rows of lists with a date beside them; None where there are none."""
        return len({place.row for place in self.places if place.row}) or None

    def address(self, target: str) -> str | None:
        """A plain path is an address as it is: to parse a long list's takes longer than all the rest."""
        if self._origin and PLAIN.fullmatch(target) and "//" not in target and "/." not in target:
            return self._origin + target
        return address(target, base=self.base, charset=self.charset)

    def links_at(self, place: Place) -> Iterator[Link]:
        title = " ".join((place.node.attributes.get("title") or "").split())
        text = title if title and (not place.words or CUT_SHORT.search(place.words)) else place.words
        for tag, target in self._targets(place.node):
            if url := self.address(target):
                yield Link(
                    url=url,
                    text=text,
                    title=title,
                    position=place.position,
                    row=bool(place.row),
                    tag=tag,
                    fragment=target.partition("#")[2],
                )

    def sent_on(self) -> Iterator[Link]:
        """Where a page leads that has nothing to say itself."""
        metas = (node.attributes.get("content") or "" for node in self.tree.css("meta[http-equiv=refresh i]"))
        found = [match[1] for content in metas if (match := REFRESH.match(content.strip()))]
        for target in (*found, *(() if self.places else self.script.sends())):
            if url := self.address(target):
                yield Link(url=url, text="", tag="refresh")

    def _targets(self, node: LexborNode) -> Iterator[tuple[str, str]]:
        attributes = node.attributes
        if node.tag in {"iframe", "frame"}:
            yield "frame", attributes.get("src") or attributes.get("data-src") or ""
        elif node.tag == "option":
            yield from (("option", target) for target in self._chosen(node, attributes.get("value") or ""))
        else:
            yield from self._pressed(attributes)

    def _pressed(self, attributes: dict[str, str | None]) -> Iterator[tuple[str, str]]:
        href = (attributes.get("href") or "").strip()
        scripted = href.lower().startswith("javascript:")
        if href and not scripted and (not href.startswith("#") or len(href) > 1):
            yield "a", href
        if not href or scripted or href.startswith("#"):
            code = f"{href if scripted else ''};{attributes.get('onclick') or ''}"
            stated = (attributes.get(name) or "" for name in ("data-href", "data-url"))
            for target in (*self.script.targets(code), *(each for each in stated if WRITTEN.match(each))):
                if not SCENERY.search(target):
                    yield "script", target

    def _chosen(self, option: LexborNode, value: str) -> Iterator[str]:
        """What a choice leads to: it is an address itself, or its <select> makes one of it, or its form does."""
        if WRITTEN.match(value):
            yield value
            return
        # an <optgroup> may stand between
        select = option.parent if option.parent is None or option.parent.tag == "select" else option.parent.parent
        change = (select.attributes.get("onchange") or "") if select is not None and value else ""
        if change and select is not None:
            yield from self.script.targets(change, value)
            form = self._form(select) if SUBMITS.search(change) else None
            if form and (name := select.attributes.get("name")):
                action, kept = form
                yield f"{action}?{urlencode({**kept, name: value})}"

    def _form(self, select: LexborNode) -> Form | None:
        """The form around it that is sent by GET as soon as one chooses: where to, and what goes with the choice."""
        form = _form_around(select)
        if form is None or (form.attributes.get("method") or "get").lower() != "get":
            return None
        if form.mem_id not in self._forms:
            kept = [node.attributes for node in form.css("input[type=hidden][name]")]
            fields = {each["name"] or "": each.get("value") or "" for each in kept}
            self._forms[form.mem_id] = form.attributes.get("action") or "", fields
        return self._forms[form.mem_id]


def _form_around(select: LexborNode) -> LexborNode | None:
    node = select.parent
    for _ in range(FORM_FAR):
        if node is None or node.tag == "form":
            return node
        node = node.parent
    return None

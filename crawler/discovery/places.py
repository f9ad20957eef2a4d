"""Places: the elements of a page that point somewhere, each with its words and with where on the page it stands.

    nav       menus, headers, side bars      pager     back and forth through a list, by its words
    crumb     当前位置:首页 > 政务公开          footer    and the links to others above it
    main      all the rest

One walk over the tree, without recursion: a page may have a hundred thousand links, or be thousands of elements deep.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

POINTING = "a, area, iframe, frame, option, [onclick], [data-href], [data-url]"
PAGER = re.compile(
    r"[<《«‹]*\s*(?:首页|第一页|上一?页|前一?页|下一?页|后一?页|尾页|末页|最后一?页|第?\s*\d{1,3}\s*页?|[<>«»‹›《》]+|prev(?:ious)?|next)"
    r"\s*[>》»›]*",
    re.IGNORECASE,
)
_DATE = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
DATED = re.compile(rf"[\[【((]?(?:发布|成文|公开)?(?:时间|日期)?[::]?\s*(?:{_DATE}|\d\d-\d\d)(?:\s+[\d:]+)?[\]】))]?")
_HERE = re.compile(r"位置\s*[::]?\s*$")
_REGIONS = (
    ("crumb", re.compile(r"crumb|bread|position|location|weizhi|dqwz|mbx|curr?ent_?(?:pos|path)", re.IGNORECASE)),
    ("footer", re.compile(r"foot|copyright|friend|yqlj|bottom", re.IGNORECASE)),
    ("nav", re.compile(r"nav|menu|head(?!line)|\btop|banner|toolbar|sidebar|aside", re.IGNORECASE)),
)
_REGION_TAGS = {"nav": "nav", "header": "nav", "aside": "nav", "footer": "footer"}
_HOLDING = frozenset({"div", "ul", "ol", "dl", "table", "td", "p", "span", "section", "map", *_REGION_TAGS})
_ROWS = frozenset({"li", "tr", "dl", "dd", "p", "div", "a", "table", "ul", "td", "h3", "h4", "section"})
_INLINE = frozenset({"b", "strong", "span", "em", "i", "label", "font"})
_MUTE = frozenset({"script", "style", "template"})
_ENDS_A_DATE = "])】)日0123456789"
_SHORT = 40
_LINKS_A_ROW = 3
_WORDS_MOST = 60
"""Pieces of text within one place; what has more is no label."""


@dataclass(slots=True, kw_only=True)
class Place:
    node: LexborNode
    words: str = ""
    position: str = "main"
    row: int = 0
    """Which row of a list with dates it stands in, counted through the page; nought for none."""


@dataclass(slots=True)
class _Open:
    """An element of which the walk has seen the beginning."""

    node: LexborNode
    position: str
    place: Place | None
    first_place: int
    first_date: int
    first_word: int


@dataclass(slots=True)
class _Walk:
    pointing: frozenset[int]
    places: list[Place] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    dates: list[int] = field(default_factory=list)
    path: list[_Open] = field(default_factory=list)
    rows: int = 0

    def enter(self, node: LexborNode) -> None:
        position = self.path[-1].position if self.path else "main"
        if position == "main" and node.tag in _HOLDING:
            position = _position(node)
        place = Place(node=node, position=position) if node.mem_id in self.pointing else None
        self.path.append(_Open(node, position, place, len(self.places), len(self.dates), len(self.words)))
        if place:
            self.places.append(place)

    def hear(self, text: str) -> None:
        self.words.append(text)
        bare = text.strip() if len(text) <= _SHORT else ""
        if bare[-1:] in _ENDS_A_DATE and bare and not self._alone() and DATED.fullmatch(bare):
            self.dates.append(len(self.words))
        elif _HERE.search(bare):
            # the words often stand in an element of their own, and the links beside that one
            for around in self.path[-2:] if self.path[-1].node.tag in _INLINE else self.path[-1:]:
                around.position = "crumb"

    def _alone(self) -> bool:
        """A link that begins with the text just heard: a date there is what a calendar shows, not what a row does."""
        inside = self.path[-1]
        return inside.place is not None and inside.node.tag == "a" and len(self.words) == inside.first_word + 1

    def leave(self) -> None:
        closed = self.path.pop()
        if closed.place:
            pieces = self.words[closed.first_word : closed.first_word + _WORDS_MOST]
            closed.place.words = " ".join("".join(pieces).split())
            if closed.place.position == "main" and PAGER.fullmatch(closed.place.words):
                closed.place.position = "pager"
        if closed.node.tag in _ROWS and len(self.dates) > closed.first_date:
            here = self.places[closed.first_place : closed.first_place + _LINKS_A_ROW + 1]
            bare = [place for place in here if not place.row and place.position == "main"]
            if bare and len(here) <= _LINKS_A_ROW:
                self.rows += 1
                for place in bare:
                    place.row = self.rows


def places_of(tree: LexborHTMLParser) -> list[Place]:
    """In the order of the page."""
    root = tree.root
    if root is None:
        return []
    walk = _Walk(frozenset(node.mem_id for node in tree.css(POINTING)))
    for node, entering in _steps(root):
        if not entering:
            walk.leave()
        elif node.tag == "-text":
            walk.hear(node.text_content or "")
        else:
            walk.enter(node)
    return walk.places


def _steps(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Elements entered (True) and left, and text between."""
    node: LexborNode | None = root
    above: list[LexborNode] = []
    while node is not None:
        if node.tag == "-text":
            yield node, True
        elif node.tag and node.tag not in _MUTE and not node.tag.startswith("-"):
            yield node, True
            if node.child is not None:
                above.append(node)
                node = node.child
                continue
            yield node, False
        following = node.next
        while following is None and above:
            node = above.pop()
            yield node, False
            following = node.next
        node = following


def _position(node: LexborNode) -> str:
    attributes = node.attributes
    named = f"{attributes.get('id') or ''} {attributes.get('class') or ''}" if attributes else ""
    return _REGION_TAGS.get(node.tag or "") or _region(named)


@lru_cache(maxsize=4096)
def _region(named: str) -> str:
    if len(named) < 200:
        for region, pattern in _REGIONS:
            if pattern.search(named):
                return region
    return "main"

"""gkmlpt, the directory platform of Guangdong: a tree of columns in a script, and an API that lists their articles.

    /gkmlpt/index               window._CONFIG = {SID: '755001', TREE: [{id, name, jump_url, children, post_count}, …]}
    /gkmlpt/index#721           a column, for who has the script; its name among lists here
    /gkmlpt/api/all/721?page=1&sid=755001    its articles: {"classify": {"post_count"}, "articles": [{title, url}, …]}

A node with a `jump_url` stands for an ordinary column elsewhere, often that of the annual reports. Organs have
platforms of their own under a prefix (`/gzyxbyj/gkmlpt/…`), with their own SID.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.discovery.cms.answer import Unreadable, number, read_answer, row_link, within
from crawler.discovery.links import Link
from crawler.discovery.listing import Ask, Listing, Source
from crawler.discovery.literal import NotALiteral, value_of

SYSTEM = "gkmlpt"
ROWS_A_PAGE = 100
MOST_NODES = 5000
API = re.compile(r"^(?P<root>.*)/gkmlpt/api/all/(?P<node>\d{1,12})$")
PLATFORM = re.compile(r"^(?P<root>.*?)/gkmlpt/")
CONFIG = re.compile(r"window\._CONFIG\s{0,9}=")
ROUTE = re.compile(r"^(?P<root>[^#]*?)/gkmlpt/index/?#(?P<node>\d{1,12})$")
YEARLY = re.compile("年报|年度报告")
ON_THE_WAY = re.compile("公开")


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """`root` is the address before `/gkmlpt/`."""

    root: str
    sid: str

    def column(self, node: int | str) -> str:
        """The first page of a column; without a SID the platform answers too."""
        query = urlencode({"page": 1, **({"sid": self.sid} if self.sid else {})})
        return f"{self.root}/gkmlpt/api/all/{node}?{query}"


def read(source: Source) -> Iterator[Listing]:
    place = urlsplit(source.url)
    if column := API.search(place.path):
        yield _column(source, column)
    elif config := CONFIG.search(source.text):
        yield from _tree(source, config.end())


def _tree(source: Source, start: int) -> Iterator[Listing]:
    """All columns, those that may hold reports first."""
    config = source.text[start:]
    platform = Platform(root=_root(source.url), sid=_sid(config))
    name = f"{platform.root}/gkmlpt/index"
    try:  # by its name, for the object around it may hold functions
        nodes = value_of(config, "TREE")
    except NotALiteral as error:
        yield Listing(system=SYSTEM, name=name, page=0, trouble=f"the tree of columns cannot be read: {error}")
        return
    if nodes is None:  # an article's page
        return
    columns = [link for node, over in _nodes(nodes) if (link := _link(node, over, platform, source.url))]
    columns.sort(key=lambda link: (not YEARLY.search(link.text), not ON_THE_WAY.search(link.text)))
    yield Listing(system=SYSTEM, name=name, page=0, columns=tuple(columns))


def _root(url: str) -> str:
    place = urlsplit(url)
    platform = PLATFORM.search(place.path)
    return f"{place.scheme}://{place.netloc}{platform['root'] if platform else ''}"


def _sid(config: str) -> str:
    try:
        sid = value_of(config, "SID")
    except NotALiteral:
        return ""
    return str(sid) if isinstance(sid, str | int) else ""


def _nodes(tree: object) -> Iterator[tuple[dict[str, object], str]]:
    """Each node, with the name of the one over it; a node before its children."""
    waiting = [(node, "") for node in reversed(tree)] if isinstance(tree, list) else []
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node, over = waiting.pop()
        if isinstance(node, dict):
            yield node, over
            below = node.get("children")
            waiting += (
                [(each, str(node.get("name", ""))) for each in reversed(below)] if isinstance(below, list) else []
            )


def _link(node: dict[str, object], over: str, platform: Platform, page: str) -> Link | None:
    """Below a column of reports years and bodies are named by themselves: its name makes them known."""
    elsewhere = node.get("jump_url")
    if isinstance(elsewhere, str) and elsewhere.strip():
        # An id it has as well, and a list without articles behind it.
        target: object = _jump(elsewhere.strip(), platform)
    else:
        column = number(node.get("id"))
        target = platform.column(column) if column is not None else None
    link = row_link(target, node.get("name"), page)
    if link and YEARLY.search(over) and not YEARLY.search(link.text):
        return replace(link, text=f"{over} {link.text}")
    return link


def _jump(elsewhere: str, platform: Platform) -> str:
    """A route to a column of the same platform means the column; what leads to another one begins at its tree."""
    route = ROUTE.search(elsewhere)
    if route and route["root"] in {platform.root, urlsplit(platform.root).path}:
        return platform.column(route["node"])
    return elsewhere


def _column(source: Source, column: re.Match[str]) -> Listing:
    """Page nought is the first one. A column of one page answers 404 to who asks for a second."""
    name = f"{_root(source.url)}/gkmlpt/index#{column['node']}"
    page = number(dict(parse_qsl(urlsplit(source.url).query)).get("page")) or 1
    try:
        answer = read_answer(source.text)
    except Unreadable as error:
        return Listing(system=SYSTEM, name=name, page=page, trouble=str(error))
    articles = answer.get("articles")
    if not isinstance(articles, list):
        return Listing(system=SYSTEM, name=name, page=page, trouble=f"no articles in {source.text[:60]!r}")
    links = tuple(link for article in articles for link in _article(article, source.url))
    declared = number(within(answer, "classify", "post_count"))
    going_on = _goes_on(page, len(articles), declared)
    return Listing(
        system=SYSTEM,
        name=name,
        page=page,
        links=links,
        further=(_following(source.url, name, page + 1),) if going_on else (),
        declared=declared,
        rows=len(articles),
    )


def _article(article: object, base: str) -> Iterator[Link]:
    """The article's page, on the platform or off it; its files, where it has none: a page names its own."""
    title = within(article, "title")
    pages = (row_link(within(article, key), title, base) for key in ("url", "post_url"))
    page = next((link for link in pages if link), None)
    if page:
        yield page
        return
    files = within(article, "attachment")
    for file in files if isinstance(files, list) else ():
        if link := row_link(within(file, "url"), within(file, "name") or title, base):
            yield link


def _goes_on(page: int, rows: int, declared: int | None) -> bool:
    """A page is of 100 rows. Where that cannot be, for earlier ones would have held all, it is taken for a full one."""
    if not rows or declared is None:
        return rows == ROWS_A_PAGE
    before = (page - 1) * ROWS_A_PAGE
    return (before if before < declared else (page - 1) * rows) + rows < declared


def _following(url: str, name: str, page: int) -> Ask:
    place = urlsplit(url)
    query = {**dict(parse_qsl(place.query)), "page": page}
    return Ask(url=place._replace(query=urlencode(query), fragment="").geturl(), listing=name, page=page)

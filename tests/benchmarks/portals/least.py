"""The least that a crawl of a sample portal can ask for: the way to its lists, their pages, the reports, their files.

robots.txt and what it takes to show a page (style sheets, scripts, pictures) count for nobody: an archive wants them,
a collector of reports does not.
"""

import re
from collections.abc import Container
from functools import partial
from urllib.parse import urlsplit

from archive.index.surt import url_key
from crawler.demo import gbk, hanweb, nanping, scripted, yunchuan
from crawler.demo.server import Hit
from crawler.demo.site import Site

REQUISITE = re.compile(r"\.(?:css|js|gif|png|jpe?g|ico|svg|woff2?)$")
PAGES_OF_NANPING = re.compile(rf"{gbk.FOLDER}index(?:_\d+)?\.htm")
WAYS = {
    "yunchuan": (
        *("/", "/zwgk/zfxxgk/", yunchuan.COLUMN, yunchuan.COLUMN + "index_1.html", yunchuan.COLUMN + "index_2.html"),
        *(yunchuan.TOWNS, yunchuan.EARLY, yunchuan.BUREAU),
    ),
    "chenghu": ("/", hanweb.COLUMN, *(f"{hanweb.PROXY}?page={page}" for page in (1, 2, 3))),
    "zhaobiao": ("/", "/news-list-1.html", "/news-list-2.html"),
    "lingang": ("/", scripted.COLUMN, scripted.UNIT + "?pageNo=1"),
}
"""Of the portals that do not say it themselves."""


def way(site: Site) -> tuple[str, ...]:
    if site.id == "nanping":  # two redirects before the column, and a report that fails once
        pages = filter(PAGES_OF_NANPING.fullmatch, site.pages)
        return "/", "/gkml/nb.asp", gbk.FOLDER, *pages, nanping.FLAKY + "#again"
    return site.way or WAYS[site.id]


def details(site: Site) -> frozenset[str]:
    files = (path for publication in site.publications for path in publication.attachments)
    return frozenset((*(publication.path for publication in site.publications), *files)) - {*way(site)}


def least(site: Site) -> int:
    return len(way(site)) + len(details(site))


def counts(site: Site, hit: Hit, requisites: Container[str] = ()) -> bool:
    """`requisites` are addresses that the crawler itself took for such, beside those that look it."""
    path = urlsplit(hit.path).path
    plain = not REQUISITE.search(path) and site.base + hit.path not in requisites
    return path != "/robots.txt" and (hit.path in details(site) or plain)


def is_list_page(site: Site, hit: Hit) -> bool:
    """On the way, or a page of a list that a script continues, however the script spells its question."""
    key = partial(_key, site.base)
    endpoints = {_endpoint(step) for step in way(site) if "?" in step or " " in step}
    return key(hit.path) in set(map(key, way(site))) or _endpoint(hit.path) in endpoints


def _endpoint(step: str) -> str:
    return urlsplit(step.partition(" ")[0]).path


def _key(base: str, path: str) -> str:
    return url_key(base + path)

"""Whose report a page is, and by what it is known.

    title, labels (发布机构 …), ContentSource, breadcrumb and columns, <title>, SiteName, files, the article, the portal

The first that names an organ counts, but for two things. A label that names the portal's owner, as systems fill it in
by themselves, yields to a breadcrumb or an article that names one of its organs. And where a title abbreviates, the
page's own full name for the organ stands in: 区科技局 is 松江区科学技术委员会 if the page says so, else 松江区科技局.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.reports import evidence
from archive.reports.division import Place, place_of
from archive.reports.naming import Titled, columns_of
from archive.reports.organ import Organ, Site, home_of, looks_like_organ, organ_of, organ_of_site
from archive.reports.text import PageText
from archive.reports.title import Named, read_title

_METAS = ("contentsource", "author")
_LABELS = ("发布机构", "公开主体", "发文机关", "发文机构", "发布单位", "责任部门")
_SOURCES = ("信息来源", "文章来源", "来源")
_OF_A_SITE = re.compile(r"(?:政务|(?<!人民)政府)?(?:门户)?网(?:站)?$|^欢迎访问")
_PARTS = re.compile(r"[\s_|\uff5c丨»>-]+")
_FULL = re.compile(r"[\u4e00-\u9fff]{2,20}?(?:委员会|局|办公室|厅)")
_KIND = re.compile(r"(?:委员会|管委会|办公室|局|委|办|厅)$")
_FULL_KINDS = {
    "局": ("局", "委员会"),
    "委": ("委员会",),
    "委员会": ("委员会",),
    "办": ("办公室",),
    "办公室": ("办公室",),
    "厅": ("厅",),
}
_CONTRACTED = {("办", "办公室"), ("委", "委员会")}
_INNER = re.compile(r"[局委办处厅]")
_WORK = re.compile(r"^(?:事务|工作|监督|服务)*(?:管理|事务|工作|服务)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """`by` says where the organ is named: `title`, `发布机构`, `breadcrumb or column`, `portal`."""

    organ: Organ
    by: str


def author(page: PageText, text: str, title: Titled, *, site: Site, trail: Sequence[str]) -> Author | None:
    home = home_of(site) if not site.aggregator else place_of(evidence.district(text))
    found = _titled(title, home, site) or _around(page, text, home, site=site, trail=trail)
    return found and _in_full(found, page, text, home, site)


def _titled(title: Titled, home: Place, site: Site) -> Author | None:
    """A page that names no report may be titled with no more than whose portal it is on."""
    if title.named.organ is None:
        return None
    organ = organ_of(title.named.organ, home)
    return None if title.bare and _is_owner(organ, organ_of_site(site)) else Author(organ=organ, by="title")


def _around(page: PageText, text: str, home: Place, *, site: Site, trail: Sequence[str]) -> Author | None:
    owner = organ_of_site(site)
    said = [
        Author(organ=organ_of(written, home), by=by)
        for by, written in (*_stated(page, site), *_implied(page, text, site, trail))
        if looks_like_organ(written)
    ]
    # a government's own report is written by its office, and says so
    if owner is not None and (not said or (said[0].by == "article" and _is_owner(said[0].organ, owner))):
        return Author(organ=owner, by="portal")
    if not said:
        return None
    within = [one for one in said if not _is_owner(one.organ, owner)]
    stated_by_owner = _is_owner(said[0].organ, owner) and said[0].by not in _IMPLIED
    return next((one for one in within if one.by in _IMPLIED), said[0]) if stated_by_owner else said[0]


_IMPLIED = ("breadcrumb or column", "article", "signature")


def _is_owner(organ: Organ, owner: Organ | None) -> bool:
    return owner is not None and organ.name in {owner.name, f"{owner.name}办公室"}


def _stated(page: PageText, site: Site) -> Iterator[tuple[str, str]]:
    """An aggregator's own source, path and columns say nothing of the organ."""
    yield from ((label, page.labelled.get(label, "")) for label in _LABELS)
    if not site.aggregator:
        yield from (("meta " + name, page.metas.get(name, "")) for name in _METAS)
        yield from ((label, page.labelled.get(label, "")) for label in _SOURCES)


def _implied(page: PageText, text: str, site: Site, trail: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not site.aggregator:
        yield from (("breadcrumb or column", label) for label in columns_of(page, trail))
        yield from (("<title>", _OF_A_SITE.sub("", part)) for part in _PARTS.split(page.title))
        yield "meta SiteName", _OF_A_SITE.sub("", page.metas.get("sitename", ""))
    files = (read_title(link.title or link.text) for link in page.links)
    yield from (("attachment", named.organ or "") for named in files if isinstance(named, Named))
    yield "article", evidence.compiler(text)
    yield "signature", evidence.signature(page.body) or ""


def _in_full(found: Author, page: PageText, text: str, home: Place, site: Site) -> Author:
    organ = found.organ
    division = place_of(organ.name)
    if not division.divisions or _KIND.search(division.rest) is None:
        return found
    stated = (organ_of(written, home).name for _, written in _stated(page, site) if looks_like_organ(written))
    names = (*dict.fromkeys(stated), *(name for name, _ in Counter(_told(text, division)).most_common()))
    name = next((name for name in names if _abbreviates(division, name)), None)
    return found if name is None else Author(organ=replace(organ, name=name), by=f"{found.by}, in full on the page")


def _told(text: str, division: Place) -> Iterator[str]:
    """The names in the article that begin with the organ's own division."""
    start = text.find(division.lowest)
    while start >= 0:
        end = start + len(division.lowest)
        if match := _FULL.match(text, end):
            yield division.lowest + match[0]
        start = text.find(division.lowest, end)


def _abbreviates(short: Place, full: str) -> bool:
    """科技局 and 科学技术委员会; but 卫生局 is no abbreviation of 卫生健康委员会, which came after it."""
    if not full.startswith(short.lowest):
        return False
    long = full.removeprefix(short.lowest)
    kind, full_kind = _KIND.search(short.rest), _KIND.search(long)
    if kind is None or full_kind is None or full_kind[0] not in _FULL_KINDS.get(kind[0], ()):
        return False
    core, whole = short.rest[: kind.start()], long[: full_kind.start()]
    if core == whole:
        return (kind[0], full_kind[0]) in _CONTRACTED
    if len(core) < 2 or len(whole) <= len(core) or whole[0] != core[0] or _INNER.search(whole):
        return False
    rest = iter(whole)
    if whole.startswith(core):
        return bool(_WORK.match(whole.removeprefix(core)))
    return all(character in rest for character in core)

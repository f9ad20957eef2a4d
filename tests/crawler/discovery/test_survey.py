"""A survey finds a portal's reports from its home page, for little more than the least that they can cost."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from archive.capture.exchange import Digest, Original, RecordId
from crawler.demo import baihe, ganlin, gbk, hanweb, jinhe, qingshan, trs, yuehai
from crawler.demo.site import Page, Site
from crawler.discovery.canonical import page_key
from crawler.discovery.learned import Learned, LearnedColumn
from crawler.discovery.revisiting import History, Known
from tests.crawler.discovery.walk import NOW, Walk, found_and_missed, survey_of, walked

BASE = "http://portal.example"
COLUMN, MOVED = BASE + "/nb/", BASE + "/new/nb/"
SYSTEMS = {
    "trs": lambda: trs.build(base=BASE, elsewhere="http://elsewhere.example/", day=1),
    "hanweb": lambda: hanweb.build(base=BASE, day=1),
    "gbk": lambda: gbk.build(base=BASE, elsewhere="http://elsewhere.example/", day=1),
    "qingshan": lambda: qingshan.build(base=BASE),
    "baihe": lambda: baihe.build(base=BASE),
    "jinhe": lambda: jinhe.build(base=BASE),
    "yuehai": lambda: yuehai.build(base=BASE),
    "ganlin": lambda: ganlin.build(base=BASE),
}


def page(main: str, status: int = 200) -> Page:
    return Page(body=f"<html><body>{main}</body></html>".encode(), status=status, media_type="text/html; charset=utf-8")


def rows(*years: int, of: str = "云川区财政局", folder: str = "/nb/") -> str:
    items = (f"<li><a href='{folder}{year}.html'>{of}{year}年政府信息公开工作年度报告</a></li>" for year in years)
    return f"<ul>{''.join(items)}</ul>"


def site(pages: dict[str, str | Page]) -> Site:
    made = {path: one if isinstance(one, Page) else page(one) for path, one in pages.items()}
    return Site(id="yunchuan", name="东海市云川区人民政府", base=BASE, pages=made, missing=page("", 404))


def known(url: str, *, days: int, role: str = "report", column: str = COLUMN) -> Known:
    original = Original(record_id=RecordId("<urn:uuid:1>"), url=url, date="", payload_digest=Digest("sha256:0"))
    facts = {"via": COLUMN, "anchor": "云川区财政局2019年政府信息公开工作年度报告", "column": column}
    history = History(at=NOW - timedelta(days=days))
    return Known(url=url, role=role, etag=None, last_modified=None, original=original, history=history, **facts)


def knowledge(*columns: str) -> Learned:
    found = {url: LearnedColumn(url=url, reports=3, newest_year=2023, way=(), seen=NOW) for url in columns}
    return Learned(columns=found, way=frozenset(columns), explored_at=NOW - timedelta(days=1))


@pytest.mark.parametrize("build", SYSTEMS.values(), ids=SYSTEMS)
def test_every_report_is_found_from_home_at_little_more_than_the_least(build: Callable[[], Site]) -> None:
    walk = Walk(build())
    walked(walk, survey_of(walk))
    assert found_and_missed(walk) == (set(), set())
    expected = walk.site.expected()
    least = len(expected) + sum(len(one.attachments) for one in expected) + len(walk.site.way)
    assert not walk.site.way or walk.pages <= 1.2 * least


def test_a_column_of_an_unexpected_name_is_found_through_what_it_lists() -> None:
    menu = "".join(f"<a href='/x{number}/'>栏目{number}</a>" for number in range(8))
    walk = Walk(site({"/": f"{menu}<a href='/s/'>晒一晒</a>", "/s/": rows(2022, 2023)}))
    walked(walk, survey_of(walk))
    assert walk.urls("report") == [f"{BASE}/nb/2022.html", f"{BASE}/nb/2023.html"]


def test_a_portal_of_many_columns_gets_no_more_guesses_than_its_yield_is_worth() -> None:
    menu = "".join(f"<a href='/x{number}/'>栏目{number}</a>" for number in range(200))
    walk = Walk(site({"/": f"{menu}<a href='/nb/'>政府信息公开年报</a>", "/nb/": rows(2022, 2023)}))
    walked(walk, survey_of(walk))
    assert len(walk.asked) < 20


def test_what_was_learned_is_trusted_and_nothing_else_is_tried() -> None:
    walk = Walk(site({"/": "<a href='/x/'>政务公开</a>", "/nb/": rows(2023)}))
    survey = survey_of(walk)
    survey.learned = knowledge(COLUMN)
    walked(walk, survey)
    assert walk.urls() == [f"{BASE}/", COLUMN, f"{BASE}/nb/2023.html"]
    assert survey.explored is None


def test_a_learned_column_that_is_gone_makes_the_portal_be_explored_again() -> None:
    way = {"/": "<a href='/x/'>政务公开</a>", "/x/": "<a href='/new/nb/'>政府信息公开年报</a>"}
    walk = Walk(site({**way, "/new/nb/": rows(2023)}))
    survey = survey_of(walk)
    survey.learned = knowledge(COLUMN)
    walked(walk, survey)
    assert walk.urls()[:2] == [f"{BASE}/", COLUMN]
    assert walk.urls("report") == [f"{BASE}/nb/2023.html"]
    assert survey.explored
    assert COLUMN in survey.explored


def test_known_details_are_asked_when_due_also_those_that_no_list_names_any_more() -> None:
    fresh, due, unlisted = (f"{BASE}/nb/{name}.html" for name in ("2022", "2023", "2019"))
    walk = Walk(site({"/": "", "/nb/": rows(2022, 2023)}))
    survey = survey_of(walk, COLUMN)
    survey.details = {page_key(url): known(url, days=days) for url, days in ((fresh, 1), (due, 99), (unlisted, 99))}
    walked(walk, survey)
    assert walk.urls("report") == [due, unlisted]
    refreshed = Walk(walk.site)
    again = survey_of(refreshed, COLUMN)
    again.details, again.refresh = survey.details, True
    assert set(walked(refreshed, again).urls("report")) == {fresh, due, unlisted}


def test_a_list_that_falls_short_of_what_it_declares_is_a_problem() -> None:
    pager = "<script>createPageHTML(3, 0, 'index', 'html');</script>"
    walk = Walk(site({"/nb/": rows(2023) + pager, "/nb/index_1.html": page("", 404)}))
    walked(walk, survey_of(walk, COLUMN))
    assert [(kind, url) for kind, _, url in walk.notes] == [("shortfall", COLUMN)]


def test_the_columns_that_a_sitemap_names_are_taken_and_its_articles_are_not() -> None:
    urls = [COLUMN, f"{BASE}/news/20240101.html", "http://elsewhere.example/zfxxgknb/", f"{BASE}/bm/zfxxgknb/"]
    xml = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    walk = Walk(site({"/": ""}))
    survey = survey_of(walk)
    survey.begin()
    survey.take_sitemaps([f"{BASE}/map.xml"])
    asked = [candidate for candidate in iter(lambda: survey.next(idle=True), None) if candidate.standing == "sitemap"]
    assert [one.url for one in asked] == [f"{BASE}/map.xml", f"{BASE}/sitemap.xml"]
    survey.read_sitemap(f"<urlset>{xml}</urlset>".encode(), "text/xml", asked[0])
    found = survey.next(idle=True)
    assert found
    assert (found.url, found.role) == (f"{BASE}/bm/zfxxgknb/", "column")

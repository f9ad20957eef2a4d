"""Endless spaces end, at their bound and with a word; what a portal really has is never taken for one."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import traps
from crawler.discovery.traps import Traps

SITE = "https://www.a.gov.cn"
TODAY = date(2026, 1, 20)
REAL = Path(__file__).parents[2] / "golden/real-urls.tsv"
ORGANS = [f"0010080030040{organ:02}" for organ in range(64)]
UUIDS = [f"{number:08x}-800b-4b4b-a4d7-a93c57e7261f" for number in range(1200)]


def admitted(paths: Iterable[str], *, sure: bool = False) -> int:
    space = Traps(today=TODAY)
    return sum(space.refuse(f"{SITE}{path}", sure=sure) is None for path in paths)


def days(pattern: str, count: int) -> list[str]:
    return [format(TODAY - timedelta(days=number), pattern) for number in range(count)]


SPACES = [
    (days("/cal?year=%Y&month=%m&day=%d", 400), traps.CALENDAR_MOST),
    (days("/cal?date=%Y-%m-%d", 400), traps.CALENDAR_MOST),
    (days("/cal.jsp?dept=3&riqi=%Y%m%d", 400), traps.CALENDAR_MOST),
    (days("/calendar/%Y/%m/%d/", 400), traps.CALENDAR_MOST),
    (days("/calendar/%Y-%m-%d.html", 400), traps.CALENDAR_MOST),
    ([f"/cal?y=1&month={month}&year={year}" for year in range(2026, 2400) for month in range(3, 13)], 20),
    ([f"/a.jsp?fbtime={year}&area=1" for year in range(1900, 2100)], 2027 - 2004 + 1),
    ([f"/a.jsp?area={code:05}&fbtime=2020" for code in range(3000)], traps.ORGANS_MOST),
    ([f"/list?page={number}" for number in range(2000)], traps.PAGES_MOST),
    ([f"/list?k={number}" for number in range(2000)], traps.PAGES_MOST),
    ([f"/show?id={number:08}" for number in range(5000)], traps.NAMED_MOST),
    ([f"/s?a={a}&b={b}&c={c}&d={d}" for a, b, c, d in product(range(8), repeat=4)], traps.FACETS_LEAST),
    ([f"/s?{'=1&'.join(names)}=1" for names in combinations("abcdefghij", 2)], traps.FORMS_MOST),
]


@pytest.mark.parametrize(("paths", "bound"), SPACES, ids=lambda value: value[0] if isinstance(value, list) else "")
def test_a_space_ends_at_its_bound(paths: list[str], bound: int) -> None:
    assert admitted(paths) == admitted([*paths, *paths]) / 2 <= bound
    assert admitted(paths) >= min(bound, len(paths)) / 2


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"/{'x' * traps.URL_MOST}", traps.TOO_LONG),
        (f"/{'a/b/' * 5}", traps.REPEATS),
        ("/zwgk/zwgk/zwgk/zwgk/1.html", traps.REPEATS),
        ("/" + "/".join(map(str, range(traps.PATH_MOST + 1))), traps.TOO_DEEP),
        ("/list?" + "&".join(f"p{number}=1" for number in range(30)), traps.ENDLESS),
        ("/list?page=2&page=3&page=4&page=5", traps.ENDLESS),
        ("/xxgkAnnualReport.jsp?fbtime=2003&area=1", traps.YEARS),
        ("/xxgkAnnualReport.jsp?fbtime=2028&area=1", traps.YEARS),
        ("/cal?date=2026-04-01", traps.CALENDAR),
        ("/cal/2026/04/", traps.CALENDAR),
        ("/cal/1999-12.html", traps.CALENDAR),
    ],
)
def test_an_address_that_nobody_means_is_refused(path: str, kind: str) -> None:
    assert Traps(today=TODAY).refuse(f"{SITE}{path}") == kind


@pytest.mark.parametrize("url", ["http://a.cn:99999999/", "http://[a/", "", "年报", "javascript:void(0)"])
def test_what_is_no_address_is_refused(url: str) -> None:
    assert Traps(today=TODAY).refuse(url) == traps.NO_ADDRESS


@pytest.mark.parametrize(
    "paths",
    [
        [f"/xxgkAnnualReport.jsp?fbtime={year}&area={organ}" for organ in ORGANS for year in range(2008, 2026)],
        [f"/article/list?code={organ}&page={page}" for organ in ORGANS for page in range(1, 5)],
        [f"/page?unitid={organ}&webid=1&col={organ}&start={start}" for organ in ORGANS for start in range(1, 100, 30)],
        [f"/details?id={uuid}" for uuid in UUIDS],
        [f"/details/?InfoID={uuid}&CategoryNum=031003003001" for uuid in UUIDS],
        days("/art/%Y/%m/%d/art_1_%j.html", 1000),
        days("/govxxgk/JA0/%Y-%m-%d/1.html", 1000),
        days("/xwzx/%Y%m/t%Y%m%d_1.html", 1000),
        [f"/info/2088/{number}.htm" for number in range(1, 1000)],
        [f"/attachment/0/0/0/0/{number}.pdf" for number in range(1, 1000)],
        [f"/index.php?m=content&c=index&a=lists&catid={number}" for number in range(200)],
    ],
    ids=lambda paths: paths[0],
)
def test_what_a_portal_has_is_no_trap(paths: list[str]) -> None:
    assert admitted(paths) == len(paths)


def test_no_real_address_is_taken_for_a_trap() -> None:
    with REAL.open(encoding="utf-8", newline="") as file:
        urls = [row["url"] for row in csv.DictReader(file, delimiter="\t")]
    space = Traps(today=TODAY)
    assert len(urls) > 300
    assert [url for url in urls if space.refuse(url)] == []


def test_what_is_named_as_a_report_is_held_to_its_shape_and_its_year() -> None:
    assert admitted((f"/show?k={number}" for number in range(2000)), sure=True) == 2000
    assert admitted((f"/show?year={year}" for year in range(1900, 2100)), sure=True) == 24
    assert admitted(["/" + "a/b/" * 5], sure=True) == 0


def test_each_space_is_told_of_once_with_a_count() -> None:
    space = Traps(today=TODAY)
    for path in (*days("/cal?date=%Y-%m-%d", 100), "/a.jsp?fbtime=1999&area=1", "/a.jsp?area=2&fbtime=1998"):
        space.refuse(f"{SITE}{path}")
    assert list(space.refused()) == [
        ("a.gov.cn/a.jsp?area&fbtime", traps.YEARS, 2),
        ("a.gov.cn/cal?date", traps.CALENDAR, 100 - traps.CALENDAR_MOST),
    ]


def test_a_portal_with_endless_spaces_is_told_of_in_bounded_words() -> None:
    space = Traps(today=TODAY)
    for number in range(1000):
        space.refuse(f"{SITE}/{number}?year=1999")
    told = list(space.refused())
    assert len(told) == traps.SPACES_MOST + 1
    assert sum(count for _, _, count in told) == 1000


@given(urls=st.lists(st.text(alphabet="htp:/.?&=%#[]@a2年-\0 ", max_size=40).map(f"{SITE}/".__add__), max_size=8))
def test_whatever_is_linked_is_admitted_again_or_refused_again(urls: list[str]) -> None:
    space = Traps(today=TODAY)
    first = [space.refuse(url) for url in urls]
    assert [space.refuse(url) for url in urls] == first

"""Hosts that are walls: left alone, asked again, tried in a browser, closed; and what is said of it (I9)."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conformance.saving import save
from tests.conformance.site import site
from tests.crawler.fetching.walls import (
    DENIAL,
    HTML,
    ROBOTS,
    WALL,
    behind_a_test,
    crawl,
    for_seconds,
    in_turn,
    kinds,
    page,
    registry,
    verdicts,
)

NEVER = 'render = "never"\nconcurrency = 1'
PAGES = {f"/{n}": page(str(n)) for n in range(6)}


def test_a_wall_that_ends_is_waited_for_and_nothing_is_asked_meanwhile(tmp_path: Path) -> None:
    with site({"/robots.txt": ROBOTS, **PAGES, "/": in_turn(WALL, page("home"))}) as host:
        urls = [host.url("/"), *map(host.url, PAGES)]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more=NEVER), urls, cool=0.8)
        assert host.asked[:3] == ["/robots.txt", "/", "/"]
        assert sorted(host.asked[3:]) == sorted(PAGES)
    assert host.hits[2][0] - host.hits[1][0] >= 0.8
    assert verdicts(saved) == dict.fromkeys(["/", *PAGES], "content")
    assert [(row["kind"], row["url"]) for row in saved.problems] == [("challenge", host.url("/"))]
    assert "412" in saved.problems[0]["detail"]
    assert len(saved.captures) == len(host.asked)


def test_a_host_that_is_left_alone_holds_up_no_other(tmp_path: Path) -> None:
    many = [f"/{n}" for n in range(80)]  # more than the downloader has room for
    walled, few = dict.fromkeys(many, for_seconds(3, WALL, page("open again"))), dict.fromkeys(many[:20], page("open"))
    with site({"/robots.txt": ROBOTS, **walled}) as wall, site({"/robots.txt": ROBOTS, **few}) as open_one:
        urls = [*map(wall.url, many), *map(open_one.url, few)]
        portals = registry(tmp_path, wall.url("/"), open_one.url("/"), delay=0.01, more=NEVER)
        saved = crawl(tmp_path, portals, urls, cool=4)
    assert max(at for at, _ in open_one.hits) < next(b for (a, _), (b, _) in pairwise(wall.hits[1:]) if b - a >= 3.9)
    assert ({*wall.asked}, {*open_one.asked}) == ({"/robots.txt", *many}, {"/robots.txt", *few})
    assert kinds(saved) == ["challenge"]


def test_a_wall_that_stays_closes_its_host_and_what_is_left_out_is_counted(tmp_path: Path) -> None:
    with site({"/robots.txt": ROBOTS, "/": WALL}) as host:
        urls = [host.url("/"), *map(host.url, PAGES)]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more=NEVER), urls, cool=0.3)
        assert host.asked == ["/robots.txt", "/", "/"]
    assert kinds(saved) == ["challenge", "walled", "left-out"]
    assert "6 addresses" in saved.problems[2]["detail"]
    assert "nothing more is asked" in saved.problems[1]["detail"]
    assert verdicts(saved) == {}


def test_a_host_that_denies_one_address_is_not_closed(tmp_path: Path) -> None:
    denied = {"/secret.html": DENIAL, "/other.html": DENIAL}
    with site({"/robots.txt": ROBOTS, "/": page("home"), **denied, **PAGES}) as host:
        urls = [host.url("/"), *map(host.url, denied), *map(host.url, PAGES)]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more=NEVER), urls, cool=0.3)
        assert {*host.asked} >= {*PAGES}
        assert [host.asked.count(path) for path in denied] == [2, 1]
    assert verdicts(saved) == dict.fromkeys(["/", *PAGES], "content")
    assert sorted(kinds(saved)) == ["blocked", "walled", "walled"]


def test_a_host_that_begins_to_deny_all_is_closed(tmp_path: Path) -> None:
    denied = {f"/{n}.html": DENIAL for n in range(9)}
    with site({"/robots.txt": ROBOTS, "/": page("home"), **denied}) as host:
        urls = [host.url("/"), *map(host.url, denied)]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more=NEVER), urls, cool=0.2)
        assert host.asked == ["/robots.txt", "/", "/0.html", "/0.html", "/1.html", "/2.html"]
    assert kinds(saved) == ["blocked", "walled", "walled", "walled", "left-out"]
    assert "6 addresses" in saved.problems[-1]["detail"]


def test_a_browser_passes_a_test_and_is_used_from_then_on(tmp_path: Path, chromium: Path) -> None:
    walled = {path: behind_a_test(answer) for path, answer in {"/": page("home"), **PAGES}.items()}
    with site({"/robots.txt": ROBOTS, **walled}) as host:
        urls = [host.url("/"), *map(host.url, PAGES)]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more="concurrency = 1"), urls, cool=0.3)
        assert host.asked[:4] == ["/robots.txt", "/", "/", "/"]
    assert verdicts(saved) == dict.fromkeys(["/", *PAGES], "content")
    assert kinds(saved) == ["challenge"]
    assert sum(capture.fields.get("fetchedBy") == "browser" for capture in saved.captures) >= 2 * len(walled)


def test_a_browser_that_meets_the_wall_too_is_the_last_try(tmp_path: Path, chromium: Path) -> None:
    with site({"/robots.txt": ROBOTS, "/": WALL}) as host:
        urls = [host.url("/"), *map(host.url, PAGES)]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more="concurrency = 1"), urls, cool=0.3)
        assert {*host.asked} <= {"/robots.txt", "/", "/favicon.ico"}
        assert host.asked.count("/") == 3
    assert kinds(saved) == ["challenge", "walled", "left-out"]
    assert "in a browser too" in saved.problems[1]["detail"]


def test_robots_txt_behind_a_test_is_read_by_the_browser_and_obeyed(tmp_path: Path, chromium: Path) -> None:
    with site({"/robots.txt": behind_a_test(ROBOTS, 521), "/": behind_a_test(page("home"), 521)}) as host:
        urls = [host.url("/"), host.url("/forbidden")]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/")), urls, cool=0.2)
        assert "/forbidden" not in host.asked
    assert verdicts(saved) == {"/": "content"}
    assert sorted(kinds(saved)) == ["challenge", "robots"]


def test_robots_txt_behind_a_wall_that_stays_closes_the_host(tmp_path: Path) -> None:
    with site({"/robots.txt": (521, HTML, b"<script>document.cookie='a=1'</script>")}) as host:
        urls = [host.url("/"), *map(host.url, PAGES)]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more=NEVER), urls, cool=0.2)
        assert host.asked == ["/robots.txt", "/robots.txt"]
    assert kinds(saved) == ["challenge", "walled", "left-out"]
    assert "7 addresses" in saved.problems[2]["detail"]


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
def test_a_run_that_ends_does_not_wait_for_a_host_that_is_left_alone(tmp_path: Path, path: str) -> None:
    begun = time.monotonic()
    answers = {"/robots.txt": ROBOTS, path: (521, HTML, b"<script>document.cookie='a=1'</script>")}
    with site(answers) as host:
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more=NEVER), [host.url("/")], cool=600, seconds=1)
        assert host.asked.count(path) == 1
    assert time.monotonic() - begun < 60
    assert saved.summary["outcome"] == "stopped"


def test_each_answer_comes_with_its_verdict(tmp_path: Path) -> None:
    answers = {
        "/": page("home"),
        "/gone": (404, HTML, b"<p>404"),
        "/fault": (500, HTML, b"<p>500"),
        "/soft": (200, HTML, "<title>提示</title><p>您访问的页面不存在".encode()),
        "/moved": (302, {"Location": "/"}, b""),
        "/shell": (200, HTML, b"<script>location.replace('/0')</script>"),
    }
    with site({"/robots.txt": ROBOTS, **answers}) as host:
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more=NEVER), map(host.url, answers), cool=0.3)
    found = {"/": "redirect-home", "/gone": "gone", "/fault": "server-error", "/soft": "soft-404", "/shell": "shell"}
    assert verdicts(saved) == found
    assert sorted(kind for _, kind in saved.summary["verdicts"]) == sorted([*found.values(), "content"])
    assert kinds(saved) == []


def test_a_shell_is_shown_to_a_browser(tmp_path: Path, chromium: Path) -> None:
    shell = (200, HTML, b"<script>location.replace('/inside')</script>")
    with site({"/robots.txt": ROBOTS, "/": shell, "/inside": page("inside")}) as host:
        saved = crawl(tmp_path, registry(tmp_path, host.url("/")), [host.url("/")], cool=0.3)
    assert (verdicts(saved), kinds(saved)) == ({"/inside": "content"}, [])


def test_what_waited_for_its_turn_is_not_counted_as_asked_for(tmp_path: Path) -> None:
    with site({"/robots.txt": ROBOTS, **PAGES, "/": in_turn(WALL, page("home"))}) as host:
        portals = registry(tmp_path, host.url("/"), more=f"{NEVER}\nmax_pages = 9")
        saved = crawl(tmp_path, portals, [host.url("/"), *map(host.url, PAGES)], cool=0.3)
    assert len(host.asked) == 9
    assert kinds(saved) == ["challenge"]


def test_what_is_asked_for_by_hand_is_kept_as_it_is(tmp_path: Path) -> None:
    with site({"/robots.txt": ROBOTS, "/": WALL}) as host:
        saved = save(tmp_path / "var", registry(tmp_path, host.url("/")), [host.url("/"), host.url("/")])
        assert host.asked == ["/robots.txt", "/", "/"]
    assert (saved.exit_status, saved.problems) == (0, [])


def test_a_host_that_leads_to_its_walls_own_page_is_asked_again_from_the_beginning(tmp_path: Path) -> None:
    led = (302, {"Location": "/wall.html"}, b"")
    with site({"/robots.txt": ROBOTS, "/": in_turn(led, page("home")), "/wall.html": DENIAL, **PAGES}) as host:
        urls = [host.url("/"), *map(host.url, PAGES)]
        saved = crawl(tmp_path, registry(tmp_path, host.url("/"), more=NEVER), urls, cool=0.3)
        assert [path for path in host.asked if path in {"/", "/wall.html"}] == ["/", "/wall.html", "/"]
    assert verdicts(saved) == dict.fromkeys(["/", *PAGES], "content")


def test_a_wall_that_led_elsewhere_does_not_hold_its_host_for_long(tmp_path: Path) -> None:
    with site({"/robots.txt": ROBOTS, "/new": page("new")}) as other:
        led = (302, {"Location": other.url("/new")}, b"")
        with site({"/robots.txt": ROBOTS, "/": in_turn(WALL, led), **PAGES}) as host:
            urls = [host.url("/"), *map(host.url, PAGES)]
            saved = crawl(tmp_path, registry(tmp_path, host.url("/"), other.url("/"), more=NEVER), urls, cool=3)
    assert [round(b - a) >= 3 for (a, _), (b, _) in pairwise(host.hits)].count(True) == 1
    assert kinds(saved) == ["challenge"]

"""Crawling the same world again: what is asked for anew, what conditionally, and what not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.server import Hit
from crawler.demo.world import DemoWorld, start_world
from tests.e2e.installation import Installation, Row

Crawled = tuple[Installation, DemoWorld]


@pytest.fixture
def crawled(tmp_path: Path) -> Iterator[Crawled]:
    at = Installation(folder=tmp_path, settings={})
    with start_world() as world:
        assert crawl(at, world)[0]["reports_new"] > 0
        yield at, world


def crawl(at: Installation, world: DemoWorld, *options: str) -> tuple[Row, list[Hit]]:
    """The summary, and what the portals saw of this crawl."""
    before = len(world.journal)
    done = at.run("crawl", "--portals", at.know(world), "--json", *options)
    return done.rows[-1], world.journal[before:]


def test_a_report_known_since_today_is_not_asked_for(crawled: Crawled) -> None:
    at, world = crawled
    summary, hits = crawl(at, world)
    asked = {hit.path for hit in hits}
    known = {row.url.partition("127.0.0.1:")[2].partition("/")[2] for row in world.expected}
    assert [path for path in asked if path.removeprefix("/") in known] == []
    assert (summary["reports_new"], summary["reports_changed"], summary["reports_unchanged"]) == (0, 0, 41)


def test_refresh_asks_conditionally_and_full_as_if_the_portals_were_new(crawled: Crawled) -> None:
    at, world = crawled
    _, refreshed = crawl(at, world, "--refresh")
    assert sum("if-none-match" in hit.headers for hit in refreshed) == sum(hit.status == 304 for hit in refreshed) > 0
    summary, full = crawl(at, world, "--full")
    assert [hit for hit in full if "if-none-match" in hit.headers or hit.status == 304] == []
    assert (summary["reports_new"], summary["reports_unchanged"]) == (0, 41)


def test_a_budget_bounds_each_portal_and_is_a_problem(crawled: Crawled) -> None:
    at, world = crawled
    summary, hits = crawl(at, world, "--full", "--max-pages", "5")
    # What a page in the browser asks for beside itself has bounds of its own.
    asked = [hit.portal for hit in hits if hit.headers.get("sec-fetch-dest", "document") == "document"]
    assert {portal: asked.count(portal) for portal in set(asked)} == dict.fromkeys(summary["portals"], 5)
    budgets = [problem for problem in summary["problems"] if problem["kind"] == "budget"]
    assert {problem["portal"] for problem in budgets} == set(summary["portals"])
    assert len(budgets) == 5

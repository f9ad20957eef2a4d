"""Discovery against its bounds: sample portals of all content systems, of which a crawl knows the home page alone."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.demo.site import Page, Site
from crawler.demo.world import start_world
from tests.benchmarks.portals.measure import Measured, measure
from tests.e2e.installation import Installation

DELAY = 0.2
SHORT = {"qingshan", "jinhe", "wanzhai"}
"""The portals with a list that declares more than it shows."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measure(tmp_path_factory.mktemp("discovery"))


def test_reports_are_found_and_nothing_else_is_taken_for_one(measured: Measured):
    assert measured.total.recall >= 0.99, measured.missed
    assert measured.total.precision >= 0.995, measured.false


def test_organs_and_years_are_right(measured: Measured):
    assert measured.total.organ >= 0.98
    assert measured.total.year >= 0.98


def test_what_it_costs_is_near_the_least_possible(measured: Measured):
    assert measured.total.ratio <= 1.5


def test_a_second_run_asks_for_little_beyond_the_lists_and_keeps_nothing_anew(measured: Measured):
    assert measured.beyond <= 0.1
    assert (measured.again.anew, measured.again.stored) == ((), 0)
    assert (measured.again.new, measured.again.changed) == (0, 0)


def test_nothing_forbidden_or_out_of_scope_is_asked_for_and_traps_end(measured: Measured):
    assert measured.trespasses == ()


def test_a_list_that_shows_fewer_than_it_declares_is_a_problem(measured: Measured):
    assert {row["portal"] for row in measured.problems if row["kind"] == "shortfall"} == SHORT


def asking_for_patience(site: Site) -> Site:
    robots = Page(media_type="text/plain", body=f"User-agent: *\nCrawl-delay: {DELAY}\n".encode())
    return replace(site, pages={**site.pages, "/robots.txt": robots})


def test_a_whole_crawl_keeps_the_delay_that_robots_txt_asks_for(tmp_path: Path):
    at = Installation(folder=tmp_path)
    with start_world(portals=("chenghu",), change=asking_for_patience) as world:
        at.run("crawl", "--portals", at.know(world))
        asked_at = [hit.at.timestamp() for hit in world.journal if hit.path != "/robots.txt"]
    assert len(asked_at) > len(world.expected)
    assert min(later - earlier for earlier, later in pairwise(asked_at)) >= DELAY * 0.8

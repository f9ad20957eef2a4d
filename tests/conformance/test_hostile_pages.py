"""Hostile pages: each is kept and none ends the run, hides the reports beside it, or goes without a reason (I9)."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from archive.commands import report_rows
from archive.index.captures import list_captures
from crawler.demo.server import Hit, Listener, serving
from crawler.demo.site import Site
from tests.conformance import hostile
from tests.e2e.installation import Installation, Row, finish

PAGES_MOST = 1500
SPACES = {"circling": 20, "framed": 60, "following": 60, "repeating": 20, "calendar": 80, "faceted": 400}
"""Requests that may go into a space without an end before it is left: a search by facets looks like many lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    site: Site
    hits: tuple[Hit, ...]
    summary: Row
    stderr: str
    reports: tuple[Row, ...]
    captures: tuple[Row, ...]

    def asked(self, name: str) -> list[str]:
        return [hit.path for hit in self.hits if hit.path.startswith(hostile.column(name))]

    def kept(self, path: str) -> list[Row]:
        return [row for row in self.captures if row["url"] == self.site.base + path]

    def problems(self, *parts: str) -> list[str]:
        """The kinds of those whose addresses have one of these parts."""
        rows = self.summary["problems"]
        return [row["kind"] for row in rows if any(part in (row["url"] or "") for part in parts)]


@contextmanager
def standing() -> Iterator[tuple[Site, list[Hit]]]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        site = hostile.build(base=f"http://127.0.0.1:{door.getsockname()[1]}")
        listener = Listener(site=site, journal=[], latency=0)
        with serving([(door, listener)]):
            yield site, listener.journal


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    at = Installation(folder=tmp_path_factory.mktemp("hostile"))
    with standing() as (site, journal):
        row = f'[[portal]]\nid = "{site.id}"\nname = "{site.name}"\nhome = "{site.base}/"\ndelay = 0\n'
        (at.folder / "portals.toml").write_text(f"{row}concurrency = 4\nmax_pages = {PAGES_MOST}\n", "utf-8")
        done = finish(at.start("crawl", "--portals", "portals.toml", "--json"))
        assert done.status in {0, 1}, done.stderr
    with at.stores() as opened:
        reports = tuple(report_rows(opened, None, None))
        captures = tuple(list_captures(opened.catalog, url=None, portal=None, run=None))
    return Crawled(
        site=site, hits=tuple(journal), summary=done.rows[-1], stderr=done.stderr, reports=reports, captures=captures
    )


def test_the_run_ends_by_itself_and_no_reader_fails(crawled: Crawled) -> None:
    assert crawled.summary["outcome"] == "finished"
    assert not {"budget", "fault"} & {row["kind"] for row in crawled.summary["problems"]}
    assert "Traceback" not in crawled.stderr


def test_every_report_is_found_beside_hostile_pages_and_before_their_breaks(crawled: Crawled) -> None:
    assert {row["url"] for row in crawled.reports} == {row.url for row in crawled.site.expected()}


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_a_hostile_page_is_asked_for_and_kept(crawled: Crawled, name: str) -> None:
    path = hostile.column(name)
    assert path in crawled.asked(name)
    assert len(crawled.kept(path)) == crawled.asked(name).count(path)


def test_pages_too_big_to_read_are_kept_whole(crawled: Crawled) -> None:
    [big], [bomb] = crawled.kept(hostile.column("big")), crawled.kept(hostile.column("bomb"))
    assert (big["payload_length"] >= hostile.BIG_BYTES, big["truncated"]) == (True, None)
    assert (bomb["payload_length"] < hostile.BOMB_BYTES // 100, bomb["truncated"]) == (True, None)


@pytest.mark.parametrize("name", ["big", "crowded", "bomb", "circling", "calendar", "faceted"])
def test_what_is_not_read_or_followed_to_its_end_is_a_problem(crawled: Crawled, name: str) -> None:
    assert crawled.problems(hostile.column(name)) != []


@pytest.mark.parametrize(("name", "endpoint"), [("broken-json", hostile.JPAAS), ("broken-xml", hostile.HANWEB)])
def test_an_answer_that_cannot_be_read_as_a_list_is_a_problem(crawled: Crawled, name: str, endpoint: str) -> None:
    assert any(urlsplit(hit.path).path == endpoint for hit in crawled.hits)
    assert crawled.problems(hostile.column(name), endpoint) != []


@pytest.mark.parametrize(("name", "most"), SPACES.items())
def test_a_space_without_an_end_is_left(crawled: Crawled, name: str, most: int) -> None:
    assert 1 <= len(crawled.asked(name)) <= most


def test_links_by_the_hundred_thousand_are_not_all_followed(crawled: Crawled) -> None:
    assert sum(hit.path.startswith("/zwgk/dt/") for hit in crawled.hits) <= 100

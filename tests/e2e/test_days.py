"""The day after: what became of a portal overnight is told by rows and messages, and never told wrong.

Each test takes a copy of an archive that has seen the first day, and crawls the same addresses on another day.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.commands import report_rows
from archive.handoff.message import CHANGED, PUBLISHED
from archive.index.schema import handoffs
from crawler.demo import hanweb
from crawler.demo.site import Page, Site
from crawler.demo.world import ALL, DemoWorld, start_world
from tests.e2e import days
from tests.e2e.installation import Installation, Row, finish
from tests.services import REPOSITORY

TRIO = ("yunchuan", "chenghu", "nanping")
CHILD = (sys.executable, "-m", "tests.e2e.impatient")
SETTINGS = {"PYTHONPATH": str(REPOSITORY)}
UNAVAILABLE = Page(status=503, body=b"<h1>503 Service Temporarily Unavailable</h1>")
REFUSED = Page(status=403, body=days.REFUSAL)
CHALLENGED = Page(status=412, body=days.CHALLENGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive after a crawl of these sites, the last of them no portal. `messages` are those that the crawl made,
    `known` all there are."""

    at: Installation
    sites: Mapping[str, Site]
    crawled: Row
    reports: Sequence[Row]
    messages: Sequence[Row]
    known: frozenset[str]

    @property
    def told(self) -> list[tuple[str, str]]:
        return sorted((message["type"], message["subject"]) for message in self.messages)

    def urls(self, kind: str) -> list[str]:
        """Of the pages that are `added`, `edited` or `withdrawn` on this day."""
        return sorted(site.base + path for site in self.sites.values() for path in getattr(site, kind))

    def problems(self, portal: str, path: str | None = None) -> set[str]:
        """The kinds of all of a portal's, or of those with a page."""
        own = (row for row in self.crawled["problems"] if row["portal"] == portal)
        return {row["kind"] for row in own if path is None or row["url"] == self.sites[portal].base + path}

    def of(self, portal: str) -> list[Row]:
        return [row for row in self.reports if row["portal"] == portal]

    def row(self, url: str) -> Row:
        [row] = [row for row in self.reports if row["url"] == url]
        return row


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    at = Installation(folder=tmp_path_factory.mktemp("first"), settings=SETTINGS)
    with start_world(portals=ALL, change=home_only) as world:
        at.know(world)
        return crawled(at, world, frozenset())


def home_only(site: Site) -> Site:
    return replace(site, columns=())


def crawled(at: Installation, world: DemoWorld, known: frozenset[str], *words: str) -> Archive:
    options = ("--portals", at.folder / "portals.toml", "--json", *words)
    done = finish(at.start("crawl", *options, command=CHILD), seconds=300)
    assert done.status in {0, 1}, done.stderr
    with at.stores() as opened:
        reports = list(report_rows(opened, None, None))
        messages = [json.loads(row["message"]) for row in opened.catalog.rows(select(handoffs))]
    return Archive(
        at=at,
        sites={site.id: site for site in world.sites},
        crawled=done.rows[-1],
        reports=reports,
        messages=[message for message in messages if message["id"] not in known],
        known=frozenset(message["id"] for message in messages),
    )


def lived(first: Archive, folder: Path, day: days.Day, *options: str, portals: Sequence[str] = TRIO) -> Archive:
    """A day of these portals, crawled into a copy of the archive; only those of them that stand answer."""
    shutil.copytree(first.at.folder, folder, dirs_exist_ok=True)
    return later(replace(first, at=replace(first.at, folder=folder)), day, *portals, *options, standing=portals)


def later(archive: Archive, day: days.Day, *words: str, standing: Sequence[str]) -> Archive:
    ports = [int(archive.sites[name].base.rpartition(":")[2]) for name in (*standing, "elsewhere")]
    with start_world(portals=standing, ports=ports, change=lambda site: day(home_only(site))) as world:
        done = crawled(archive.at, world, archive.known, *words)
    return replace(done, sites={**archive.sites, **done.sites})


def test_a_new_report_is_found_by_a_plain_run_and_nothing_else_is_told(first: Archive, tmp_path: Path):
    second = lived(first, tmp_path, days.report_added)
    assert second.told == sorted((PUBLISHED, url) for url in second.urls("added"))
    assert len(second.told) == len(TRIO)
    assert len(second.reports) == len(first.reports) + len(TRIO)


def test_an_edited_number_is_one_new_version(first: Archive, tmp_path: Path):
    second = lived(first, tmp_path, days.number_edited, "--refresh")
    assert second.told == sorted((CHANGED, url) for url in second.urls("edited"))
    for url in second.urls("edited"):
        assert (first.row(url)["version"], second.row(url)["version"]) == (1, 2)
        assert first.row(url)["digest"] != second.row(url)["digest"]


def test_a_file_with_other_bytes_at_its_old_address_is_a_change_of_its_report(first: Archive, tmp_path: Path):
    second = lived(first, tmp_path, days.on("chenghu", days.file_swapped), "--refresh")
    [(kind, url)] = second.told
    old, new = first.row(url), second.row(url)
    assert (kind, old["digest"]) == (CHANGED, new["digest"])
    assert [one["url"] for one in new["attachments"]] == second.urls("edited")
    assert [one["digest"] for one in new["attachments"]] != [one["digest"] for one in old["attachments"]]


def test_a_file_at_a_new_address_is_a_change_of_its_report(first: Archive, tmp_path: Path):
    second = lived(first, tmp_path, days.on("chenghu", days.file_renamed), "--refresh")
    assert second.told == [(CHANGED, url) for url in second.urls("edited")]
    [file] = second.row(second.told[0][1])["attachments"]
    assert [file["url"]] == second.urls("added")
    assert file["digest"]


def test_pages_withdrawn_are_told_apart_and_no_report_is_given_up_at_once(first: Archive, tmp_path: Path):
    second = lived(first, tmp_path, days.reports_gone, "--refresh")
    for site in map(second.sites.__getitem__, TRIO):
        assert [second.problems(site.id, path) for path in site.withdrawn] == [{kind} for kind, _ in days.GONE]
    assert second.told == []
    assert second.reports == first.reports


def test_a_report_that_no_list_names_any_more_is_asked_for_and_called_gone(first: Archive, tmp_path: Path):
    second = lived(first, tmp_path, days.report_delisted, "--refresh")
    for site in map(second.sites.__getitem__, TRIO):
        assert [second.problems(site.id, path) for path in site.withdrawn] == [{"gone"}]
    assert (second.told, second.reports) == ([], first.reports)


@pytest.mark.parametrize("redirecting", [False, True])
def test_a_column_that_moved_is_found_again(first: Archive, tmp_path: Path, redirecting: bool):
    move = days.column_moved(hanweb.COLUMN, "/col/col877/index.html", redirecting=redirecting)
    second = lived(first, tmp_path, days.on("chenghu", lambda site: days.report_added(move(site))))
    assert second.told == [(PUBLISHED, url) for url in second.urls("added")]
    assert len(second.told) == 1
    assert len(second.reports) == len(first.reports) + 1


def test_a_portal_that_refuses_connections_is_a_problem_and_the_others_go_on(first: Archive, tmp_path: Path):
    shutil.copytree(first.at.folder, tmp_path, dirs_exist_ok=True)
    before = replace(first, at=replace(first.at, folder=tmp_path))
    second = later(before, days.report_added, *TRIO, "--refresh", standing=TRIO[:2])
    assert second.crawled["outcome"] == "finished"
    assert set() != second.problems(TRIO[2]) <= {"unreachable", "robots-unreachable"}
    assert [kind for kind, _ in second.told] == [PUBLISHED] * 2
    assert second.of(TRIO[2]) == first.of(TRIO[2])


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        pytest.param(days.answering(UNAVAILABLE), {"server-error"}, id="503"),
        pytest.param(days.answering(UNAVAILABLE, robots=True), {"robots-unreachable"}, id="503-robots"),
        pytest.param(days.answering(CHALLENGED), {"challenge"}, id="412"),
        pytest.param(days.answering(CHALLENGED, robots=True), {"challenge"}, id="412-robots"),
        pytest.param(days.answering(REFUSED), {"blocked"}, id="403"),
    ],
)
def test_a_portal_that_answers_nobody_loses_nothing(first: Archive, tmp_path: Path, day: days.Day, kinds: set[str]):
    second = lived(first, tmp_path, day, "--refresh", portals=["chenghu"])
    assert second.crawled["outcome"] == "finished"
    assert kinds <= second.problems("chenghu")
    assert not {"gone", "soft-404", "redirect-home"} & second.problems("chenghu")
    assert (second.told, second.reports) == ([], first.reports)
    third = later(second, lambda site: site, "chenghu", "--refresh", standing=TRIO)
    assert (third.told, third.reports) == ([], first.reports)


def test_another_template_on_every_page_is_no_version_of_any_report(first: Archive, tmp_path: Path):
    second = lived(first, tmp_path, days.redesigned, "--refresh", portals=ALL)
    for old, new in ((first.sites[name], second.sites[name]) for name in ALL):
        assert all(days.page_of(old, one.path).body != days.page_of(new, one.path).body for one in new.publications)
    assert second.told == []
    assert second.reports == first.reports

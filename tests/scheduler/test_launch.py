"""Launching real crawls: each ends by itself, or is told to, or is killed; the ledger says which."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.index.catalog import Catalog, open_catalog
from archive.lease import holder_of
from crawler.demo.world import DemoWorld, start_world
from scheduler import ledger
from scheduler.launch import LocalExecutor
from tests.e2e.installation import Installation
from tests.patience import until


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Children have this process's environment and folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_HOSTS", "true")
    monkeypatch.setenv("NIANBAO_HOME", str(tmp_path / "var"))
    return Installation(folder=tmp_path)


@pytest.fixture
def catalog(at: Installation) -> Iterator[Catalog]:
    at.config.home.mkdir()
    with closing(open_catalog(at.config.catalog_url)) as opened:
        yield opened


class Crawls:
    """An executor with runs queued for it."""

    def __init__(self, at: Installation, catalog: Catalog, registry: Path, portals: Sequence[str], **limits: Any):
        limits = {"processes": 4, "max_seconds": 600, "grace": 60, **limits}
        self.executor = LocalExecutor(at.config, catalog, portals=registry, **limits)
        self.catalog = catalog
        with catalog.begin() as connection:
            for portal in portals:
                ledger.enqueue(connection, portal, cause=ledger.NOW)
        self.begin()

    def begin(self) -> None:
        with self.catalog.begin() as connection:
            rows = ledger.queued(connection)
        self.executor.start(rows)

    def state(self, portal: str) -> tuple[str, str | None]:
        (row,) = ledger.list_runs(self.catalog, portal)
        return row["state"], row["reason"]

    def pid(self, portal: str, world: DemoWorld, *, hits: int = 10) -> int:
        """Once its crawl is some way on."""
        until(lambda: len(world.journal) > hits)
        with self.catalog.begin() as connection:
            pid: int = ledger.last_runs(connection)[portal]["pid"]
        return pid

    def end(self, *, seconds: float = 60) -> None:
        def ended() -> bool:
            self.executor.tick()
            return not self.executor.under_way

        until(ended, seconds=seconds)


def test_crawls_run_side_by_side_as_far_as_there_is_room_each_with_its_log(at: Installation, catalog: Catalog) -> None:
    with start_world() as world:
        crawls = Crawls(at, catalog, at.know(world), ["yunchuan", "nanping", "chenghu"], processes=2)
        first = crawls.executor.under_way
        crawls.begin()
        assert len(first) == 2
        assert crawls.executor.under_way == first
        crawls.end()
        assert crawls.state("chenghu") == ("queued", None)
        crawls.begin()
        crawls.end()
    assert {row["state"] for row in ledger.list_runs(catalog, None)} == {"finished"}
    for row in ledger.list_runs(catalog, None):
        assert f"run {row['run']} finished" in (at.config.home / f"logs/{row['run']}.log").read_text()


def test_a_crawl_that_cannot_begin_is_a_failed_run_that_says_why(at: Installation, catalog: Catalog) -> None:
    with start_world() as world:
        crawls = Crawls(at, catalog, at.know(world), ["yunchuan"])
        with catalog.begin() as connection:
            ledger.enqueue(connection, "unheard-of", cause=ledger.NOW)
        crawls.begin()
        crawls.end()
    state, reason = crawls.state("unheard-of")
    assert state == "failed"
    assert reason
    assert reason.startswith("its process ended with status 2: nianbao: portal 'unheard-of' is not in the registry;")


def test_a_crawl_whose_process_cannot_be_made_is_a_failed_run(at: Installation, catalog: Catalog) -> None:
    (at.config.home / "logs").write_text("no folder")
    crawls = Crawls(at, catalog, at.folder / "portals.toml", ["yunchuan"])
    state, reason = crawls.state("yunchuan")
    assert (state, (reason or "")[:17]) == ("failed", "could not start: ")


def test_a_crawl_that_is_killed_is_lost_at_once_and_its_portal_free(at: Installation, catalog: Catalog) -> None:
    with start_world(latency=0.05) as world:
        crawls = Crawls(at, catalog, at.know(world), ["yunchuan"])
        os.kill(crawls.pid("yunchuan", world), signal.SIGKILL)
        crawls.end(seconds=5)
    assert crawls.state("yunchuan") == ("lost", "its process ended by SIGKILL")
    with catalog.begin() as connection:
        assert holder_of(connection, "portal/yunchuan") is None


def test_a_crawl_ends_at_its_time_and_seals(at: Installation, catalog: Catalog) -> None:
    with start_world(latency=0.05, delay=0.4) as world:
        crawls = Crawls(at, catalog, at.know(world), ["yunchuan"], max_seconds=2)
        crawls.end()
    assert crawls.state("yunchuan")[0] == "stopped"
    assert list(at.spool.iterdir()) == []


def test_a_crawl_that_hears_nothing_is_killed_after_the_grace(at: Installation, catalog: Catalog) -> None:
    with start_world(latency=0.05, delay=0.4) as world:
        crawls = Crawls(at, catalog, at.know(world), ["yunchuan"], max_seconds=3, grace=0.5)
        os.kill(crawls.pid("yunchuan", world, hits=2), signal.SIGSTOP)
        crawls.end()
    assert crawls.state("yunchuan") == ("lost", "killed: it did not end within 0.5 s of being told to")


def test_told_to_stop_the_executor_waits_until_its_crawls_have_sealed(at: Installation, catalog: Catalog) -> None:
    with start_world(latency=0.05, delay=0.4) as world:
        crawls = Crawls(at, catalog, at.know(world), ["yunchuan"])
        crawls.pid("yunchuan", world, hits=2)
        crawls.executor.stop()
    assert (crawls.executor.under_way, crawls.state("yunchuan")) == (frozenset(), ("stopped", None))
    assert list(at.spool.iterdir()) == []


def test_a_crawl_stopped_before_it_began_stays_queued_for_whoever_comes_next(
    at: Installation, catalog: Catalog
) -> None:
    with start_world() as world:
        crawls = Crawls(at, catalog, at.know(world), ["yunchuan"])
        crawls.executor.stop()
    assert (crawls.executor.under_way, crawls.state("yunchuan")) == (frozenset(), ("queued", None))

"""One portal, one run (I7): crawls at once, a crawl that slept past its lease, a crawl that is told to stop."""

import signal
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.index.schema import captures, publications, runs
from crawler.demo.world import DemoWorld, start_world
from tests.e2e.installation import Installation, Row, finish
from tests.patience import until

LEASE = 2
UNDER_WAY = 2
"""Requests at once to one host, as a portal has it by default: so many may have been permitted before the sleep."""
SLOW = 0.05
BOTH = ("yunchuan", "nanping")


@pytest.fixture
def at(tmp_path: Path) -> Installation:
    return Installation(folder=tmp_path, settings={"NIANBAO_LEASE_SECONDS": str(LEASE)})


def start(at: Installation, world: DemoWorld, *words: str) -> subprocess.Popen[bytes]:
    """A crawl of one portal, some way into it."""
    begun = len(world.journal)
    child = at.start("crawl", "yunchuan", "--portals", at.know(world), "--full", "--json", *words)
    until(lambda: len(world.journal) > begun + 10)
    return child


def told(at: Installation) -> list[Row]:
    return at.rows(select(runs).order_by(runs.c.run))


def kept(at: Installation) -> int:
    return len(at.rows(select(captures.c.record_id)))


def test_a_crawl_beside_another_leaves_its_portals_alone_and_says_whose_they_are(at: Installation) -> None:
    with start_world(latency=SLOW, delay=0.2) as world:
        first = start(at, world)
        beside = [at.start("crawl", *ids, "--portals", at.know(world), "--json") for ids in (BOTH, BOTH[:1])]
        second, third = map(finish, beside)
        (alone,) = finish(first).rows
    (ran,), (left_out,) = second.rows, third.rows
    assert (alone["outcome"], ran["outcome"], ran["portals"]) == ("finished", "finished", ["nanping"])
    assert (left_out["outcome"], left_out["fetches"], second.status, third.status) == ("skipped", 0, 1, 1)
    for summary in (ran, left_out):
        (problem,) = [one for one in summary["problems"] if one["kind"] == "leased"]
        assert problem["portal"] == "yunchuan"
        assert problem["detail"].startswith(f"run {alone['run']} on ")
    reasons = {row["run"]: row["reason"] for row in told(at)}
    assert reasons == {alone["run"]: None, ran["run"]: None, left_out["run"]: left_out["problems"][0]["detail"]}
    assert kept(at) == len(world.journal)


def test_a_crawl_that_slept_past_its_lease_permits_nothing_more_and_loses_nothing(at: Installation) -> None:
    with start_world(latency=SLOW) as world:
        late = start(at, world)
        late.send_signal(signal.SIGSTOP)
        asleep = len(world.journal)
        until(lambda: at.run("crawl", "yunchuan", "--portals", at.know(world), "--full").stderr.count("finished") == 1)
        awake = len(world.journal)
        late.send_signal(signal.SIGCONT)
        ended = finish(late)
    assert awake > asleep + 20
    assert len(world.journal) <= awake + UNDER_WAY
    assert (ended.status, ended.rows[0]["outcome"]) == (3, "failed")
    assert "lease portal/yunchuan" in ended.stderr
    before = at.rows(select(publications).order_by(publications.c.url))
    assert at.run("recover").status == 0
    assert kept(at) == len(world.journal)
    assert at.rows(select(publications).order_by(publications.c.url)) == before
    derived = at.derived()
    assert at.run("rebuild").status == 0
    assert at.derived() == derived


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT, "--max-seconds"])
def test_a_crawl_that_is_to_stop_ends_at_once_and_seals(at: Installation, way: object) -> None:
    with start_world(latency=SLOW, delay=0.4) as world:
        limit = ("--max-seconds", "6") if way == "--max-seconds" else ()
        child = start(at, world, *limit)
        if isinstance(way, signal.Signals):
            child.send_signal(way)
        ended = finish(child, seconds=15)  # forty requests wait for their turn
    (summary,) = ended.rows
    assert (summary["outcome"], ended.status) == ("stopped", 1)
    assert kept(at) == len(world.journal) == summary["captures"]
    assert list(at.spool.iterdir()) == []
    budget = [problem["detail"] for problem in summary["problems"] if problem["kind"] == "budget"]
    assert budget == (["stopped after 6 s"] if limit else [])
    assert Counter(row["state"] for row in told(at)) == {"stopped": 1}

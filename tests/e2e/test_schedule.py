"""The scheduler service as processes: it fires, dies, comes back, has company; no portal is crawled twice at once."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.index.schema import captures, publications, runs
from crawler.demo.world import DemoWorld, start_world
from tests.e2e.installation import Finished, Installation, Row, finish
from tests.patience import until

SLOW = 0.05


@pytest.fixture
def at(tmp_path: Path) -> Installation:
    return Installation(folder=tmp_path, settings={"NIANBAO_LEASE_SECONDS": "2"})


@contextmanager
def scheduler(at: Installation, registry: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = at.start("schedule", "run", "--portals", registry, "--tick", "0.1")
    try:
        until(lambda: at.run("schedule", "status").status == 0)
        yield process
    finally:
        process.kill()
        process.communicate()


def told_to_stop(process: subprocess.Popen[bytes]) -> Finished:
    process.terminate()
    return finish(process, seconds=30)


def crawl_now(at: Installation, registry: Path, world: DemoWorld) -> Row:
    """The row of a run that is some way on."""
    assert at.run("schedule", "now", "yunchuan", "--portals", registry).status == 0
    until(lambda: len(world.journal) > 5)
    return next(row for row in ledger(at) if row["state"] == "running")


def ledger(at: Installation) -> list[Row]:
    return at.rows(select(runs).order_by(runs.c.run))


def states(at: Installation) -> Counter[str]:
    return Counter(row["state"] for row in ledger(at))


def assert_one_after_another(at: Installation, world: DemoWorld, *, killed: int = 0) -> None:
    """Each run asked for robots.txt first and for nothing after the next one did, and all answers are kept: but for
    those on their way, two at most, when one of the first `killed` runs died."""
    asked: list[int] = []
    for hit in world.journal:
        if hit.path == "/robots.txt":
            asked.append(0)
        asked[-1] += 1
    kept = Counter(row["run"] for row in at.rows(select(captures.c.run).order_by(captures.c.run)))
    lost = [hits - rows for hits, rows in zip(asked, kept.values(), strict=True)]
    assert all(0 <= one <= 2 for one in lost[:killed])
    assert not any(lost[killed:])


def test_a_cron_fires_and_the_scheduler_told_to_stop_lets_its_crawl_seal(at: Installation) -> None:
    with start_world(latency=SLOW, delay=0.4) as world:
        registry = at.know(world)
        registry.write_text(registry.read_text().replace("[[portal]]", '[[portal]]\nschedule = "* * * * *"', 1))
        with scheduler(at, registry) as process:
            until(lambda: len(world.journal) > 3, seconds=80)
            listed = at.run("schedule", "list", "--portals", registry, "--format", "jsonl").rows
            ended = told_to_stop(process)
    by_portal = {row["portal"]: row for row in listed}
    assert (by_portal["yunchuan"]["schedule"], by_portal["yunchuan"]["state"]) == ("* * * * *", "running")
    assert (by_portal["nanping"]["schedule"], by_portal["nanping"]["state"]) == ("statutory", "waiting")
    assert (ended.status, states(at)) == (0, {"stopped": 1})
    assert [row["cause"] for row in ledger(at)] == ["schedule"]
    assert list(at.spool.iterdir()) == []
    assert_one_after_another(at, world)
    assert at.run("schedule", "status").status == 1


def test_a_crawl_outlives_its_killed_scheduler_and_the_next_one_starts_nothing_beside_it(at: Installation) -> None:
    with start_world(latency=SLOW, delay=0.4) as world:
        registry = at.know(world)
        with scheduler(at, registry) as first:
            run = crawl_now(at, registry, world)
            first.kill()
        with scheduler(at, registry) as second:
            again = at.run("schedule", "now", "yunchuan", "--portals", registry)
            assert (again.status, again.stderr) == (1, f"portal 'yunchuan' has run {run['run']}, which is running\n")
            until(lambda: states(at)["finished"])
            assert told_to_stop(second).status == 0
    assert states(at) == {"finished": 1, "skipped": 1}
    assert_one_after_another(at, world)


def test_a_crawl_that_died_with_its_scheduler_is_lost_and_run_again(at: Installation) -> None:
    with start_world(latency=SLOW) as world:
        registry = at.know(world)
        with scheduler(at, registry) as first:
            run = crawl_now(at, registry, world)
            first.kill()
            os.killpg(run["pid"], signal.SIGKILL)
        with scheduler(at, registry) as second:
            until(lambda: states(at)["finished"])
            told = told_to_stop(second)
    lost, again = ledger(at)
    assert "1 segments recovered, 1 runs were lost" in told.stderr
    assert (lost["run"], lost["state"], lost["tries"]) == (run["run"], "lost", 1)
    assert (again["state"], again["cause"], again["tries"]) == ("finished", "now", 2)
    assert_one_after_another(at, world, killed=1)
    found = {row["url"] for row in at.rows(select(publications.c.url).where(publications.c.portal == "yunchuan"))}
    assert found == {one.url for one in world.expected if one.portal == "yunchuan"}


def test_a_second_scheduler_beside_the_first_starts_nothing_twice_and_takes_over(at: Installation) -> None:
    with start_world(latency=SLOW) as world:
        registry = at.know(world)
        with scheduler(at, registry) as first, scheduler(at, registry) as second:
            crawl_now(at, registry, world)
            until(lambda: states(at) == {"finished": 1})
            logged = len(list((at.folder / "var/logs").iterdir()))
            leader = at.run("schedule", "status").stdout.decode().split()[0]
            ahead, behind = (first, second) if leader == f"scheduler-{first.pid}" else (second, first)
            ahead.kill()
            assert at.run("schedule", "now", "nanping", "--portals", registry).status in {0, 1}
            until(lambda: states(at) == {"finished": 2})
            told = told_to_stop(behind)
    assert (logged, told.status) == (1, 0)
    assert f"{leader} on " in told.stderr
    assert "leads; standing by" in told.stderr
    assert_one_after_another(at, world)


def test_a_paused_portal_says_so_and_an_order_still_crawls_it(at: Installation) -> None:
    with start_world() as world:
        registry = at.know(world)
        words = ("yunchuan", "--portals", registry)
        assert at.run("schedule", "pause", *words, "--reason", "moved").status == 0
        (row, *_) = at.run("schedule", "list", "--portals", registry, "--format", "jsonl").rows
        assert (row["state"], row["reason"], row["next_run"]) == ("paused", "moved", None)
        ordered = at.run("schedule", "now", *words)
        assert (ordered.status, ordered.stderr[:18]) == (1, "no scheduler leads")
        (row,) = at.run("schedule", "runs", "--portal", "yunchuan", "--format", "jsonl").rows
        assert (row["run"], row["state"]) == (ordered.stdout.decode().strip(), "queued")
        assert at.run("schedule", "resume", *words).status == 0
        (row, *_) = at.run("schedule", "list", "--portals", registry, "--format", "jsonl").rows
    assert (row["state"], row["reason"]) == ("queued", None)


def test_a_portal_that_is_not_in_the_registry_is_refused_with_the_nearest(at: Installation) -> None:
    with start_world() as world:
        registry = at.know(world)
    for command in ("now", "pause", "resume"):
        refused = at.run("schedule", command, "yunchua", "--portals", registry)
        said = "nianbao: portal 'yunchua' is not in the registry; did you mean 'yunchuan'?\n"
        assert (refused.status, refused.stdout, refused.stderr) == (2, b"", said)

"""kill -9 at random moments of a crawl: every response that a spider saw is in the archive, each once."""

import logging
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.index.schema import handoffs, problems, publications, runs
from crawler.demo.world import DemoWorld, start_world
from tests.crash.witnessed import Witnessed, answers, requests, stored
from tests.e2e.installation import Installation, finish

KILLS = 10
SMALL = {"NIANBAO_SEGMENT_BYTES": "20 KB"}  # a dozen segments a crawl: a kill meets every step of their way


@pytest.fixture
def witnessed(tmp_path: Path) -> Witnessed:
    return Witnessed(at=Installation(folder=tmp_path, settings=SMALL))


def was_killed(witnessed: Witnessed, world: DemoWorld, *, hits: int, then: float) -> bool:
    """Kills a crawl `then` seconds after so many hits; false where it had ended, the machine being busy."""
    child, start, pause = witnessed.crawl(witnessed.at.know(world)), len(world.journal), threading.Event()
    deadline = time.monotonic() + 60
    while len(world.journal) - start < hits and child.poll() is None and time.monotonic() < deadline:
        pause.wait(0.002)
    pause.wait(then)
    child.kill()
    return finish(child).status == -9


def check(witnessed: Witnessed, world: DemoWorld) -> None:
    objects = witnessed.at.folder / "var/objects"
    records = stored(objects.rglob("*.warc.gz"))
    assert witnessed.seen() - answers(records) == Counter()
    assert [exchange for exchange, times in requests(records).items() if times > 1] == []
    assert sum(answers(records).values()) <= len(world.journal)


def check_reports(at: Installation, world: DemoWorld) -> None:
    found = at.rows(select(publications))
    assert {(row["url"], row["organ"], row["year"]) for row in found} == {
        (row.url, row.organ, row.year) for row in world.expected
    }
    assert {row["report"] for row in at.rows(select(handoffs))} == {row["report"] for row in found}


def test_ten_kills_of_one_archive_lose_and_repeat_nothing(witnessed: Witnessed) -> None:
    seed = random.randrange(1 << 32)
    logging.getLogger(__name__).warning("seed %d", seed)  # a failure shows it
    dice, at, kills = random.Random(seed), witnessed.at, 0
    with start_world(latency=0.03) as world:
        while kills < KILLS:
            kills += was_killed(witnessed, world, hits=dice.randrange(1, 80), then=dice.uniform(0, 0.05))
            assert at.run("recover").status == 0
            assert list(at.spool.iterdir()) == []
        assert Counter(row["state"] for row in at.rows(select(runs)))["lost"] == KILLS
        last = finish(witnessed.crawl(at.know(world)))
        assert (last.status, last.rows[0]["outcome"]) == (1, "finished")
        check(witnessed, world)
    before = at.derived()
    assert at.run("rebuild").status == 0
    assert at.derived() == before
    check_reports(at, world)


def test_problems_of_a_killed_run_are_rows_once(witnessed: Witnessed) -> None:
    at = witnessed.at
    with start_world(latency=0.03) as world:
        assert was_killed(witnessed, world, hits=50, then=0)
    assert at.run("recover").status == 0
    (run,), told = at.rows(select(runs.c.run)), at.rows(select(problems))
    assert "robots" in {problem["kind"] for problem in told}
    assert {problem["run"] for problem in told} == {run["run"]}
    assert at.run("recover").status == 0
    assert at.rows(select(problems)) == told

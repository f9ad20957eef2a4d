"""A store that goes away and comes back slow, and processes killed while they deposit: nothing is lost."""

import random
import subprocess
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.index.schema import captures
from crawler.demo.world import DemoWorld, start_world
from tests.crash.gate import Gate, gate
from tests.crash.witnessed import Witnessed, answers, requests, stored
from tests.e2e.bare_store import BareStore, bare_bucket
from tests.e2e.installation import Installation, finish, s3_settings
from tests.services import S3Service, free_ports

SMALL = {"NIANBAO_SEGMENT_BYTES": "20 KB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    endpoint: str
    world: DemoWorld
    process: subprocess.Popen[bytes]


@pytest.fixture
def bucket() -> str:
    return f"away-{uuid.uuid4().hex}"


@pytest.fixture
def door(seaweedfs: S3Service) -> Iterator[Gate]:
    with gate(seaweedfs.endpoint) as opened:
        yield opened


@pytest.fixture
def witnessed(tmp_path: Path, seaweedfs: S3Service, door: Gate, bucket: str) -> Witnessed:
    settings = {**s3_settings(seaweedfs, f"s3://{bucket}"), **SMALL, "NIANBAO_S3_ENDPOINT": door.address}
    return Witnessed(at=Installation(folder=tmp_path, settings=settings))


@pytest.fixture(scope="module", autouse=True)
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refused]:
    """A crawl whose store is nowhere: begun before the other tests, for it tries for some seconds."""
    nowhere = S3Service(endpoint=f"127.0.0.1:{free_ports(1)[0]}")
    at = Installation(folder=tmp_path_factory.mktemp("refused"), settings=s3_settings(nowhere, "s3://archive"))
    with start_world() as world, at.start("crawl", "--portals", at.know(world)) as process:
        yield Refused(endpoint=nowhere.endpoint, world=world, process=process)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + 60, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(0.01)


def downloaded(bare: BareStore, folder: Path) -> Iterator[Path]:
    for key in bare.objects():
        path = folder / key.rsplit("/", 1)[1]
        path.write_bytes(bare.range(key, 0, 0))
        yield path


def test_a_store_that_goes_away_leaves_the_segments_to_recover_however_often_that_is_killed(
    witnessed: Witnessed, door: Gate, seaweedfs: S3Service, bucket: str, tmp_path: Path
) -> None:
    at = witnessed.at
    with start_world(latency=0.02) as world:
        crawl = witnessed.crawl(at.know(world))
        wait_for(lambda: len(world.journal) > 30)
        door.shut()
        away = finish(crawl)
        fetched = len(world.journal)
    assert (away.status, away.rows[0]["outcome"]) == (3, "failed")
    line = next(line for line in away.stderr.splitlines() if line.startswith("nianbao: "))
    assert f"segments wait in {at.spool}: `nianbao recover` deposits them" in line
    assert "Traceback" not in away.stderr
    open_slowly_and_kill(at, door)
    assert at.run("recover").status == 0
    assert list(at.spool.iterdir()) == []
    records = stored(downloaded(bare_bucket(seaweedfs, bucket), tmp_path))
    assert witnessed.seen() - answers(records) == Counter()
    assert set(requests(records).values()) == {1}
    assert sum(requests(records).values()) == fetched == len(at.rows(select(captures)))


def open_slowly_and_kill(at: Installation, door: Gate) -> None:
    door.is_shut, door.delay, dice = False, 0.01, random.Random(door.address)
    for _ in range(3):
        recover, target = at.start("recover"), door.passed + dice.randrange(5, 40)
        wait_for(lambda target=target: door.passed >= target)  # type: ignore[misc]
        recover.kill()
        assert finish(recover).status == -9
    door.delay = 0.0


def test_a_store_that_is_away_at_the_start_is_said_in_one_line_and_nothing_is_fetched(refused: Refused) -> None:
    done = finish(refused.process)
    assert (done.status, done.stdout, refused.world.journal) == (3, b"", [])
    [line] = done.stderr.splitlines()
    assert line.startswith(f"nianbao: s3://archive at {refused.endpoint} cannot be reached")

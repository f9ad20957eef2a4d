"""Many machines: a scheduler and workers as processes, each with a home of its own, one catalog, one object store."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from archive.index.schema import captures, runs
from crawler.demo.world import DemoWorld, start_world
from scheduler.ledger import NOW, enqueue
from tests.e2e.installation import Finished, Installation, Row, finish
from tests.patience import until

CONCURRENCY = 2
Process = subprocess.Popen[bytes]


def await_line(process: Process, words: str) -> None:
    assert process.stderr
    assert any(words.encode() in line for line in process.stderr), f"{words!r} was not said"


@dataclass(kw_only=True)
class Fleet:
    top: Path
    catalog: str
    world: DemoWorld
    started: list[Process] = field(default_factory=list)

    def at(self, name: str, **more: str) -> Installation:
        """A machine's installation."""
        folder = self.top / name
        folder.mkdir(exist_ok=True)
        own = {"NIANBAO_EXECUTOR": "procrastinate", "NIANBAO_LEASE_SECONDS": "3", **more}
        shared = {"NIANBAO_CATALOG_URL": self.catalog, "NIANBAO_OBJECTS_URL": f"file://{self.top}/objects"}
        return Installation(folder=folder, settings={**own, **shared})

    def start(self, name: str, *words: str) -> Process:
        at = self.at(name)
        self.started.append(at.start(*words, "--portals", at.know(self.world)))
        return self.started[-1]

    def up(self, *workers: str) -> list[Process]:
        """A scheduler that leads, and these workers, a crawl at once each."""
        processes = [self.start("scheduler", "schedule", "run", "--tick", "0.2")]
        processes += [self.start(name, "worker", "--processes", "1") for name in workers]
        for process, words in zip(processes, ["leads", *["takes jobs"] * len(workers)], strict=True):
            await_line(process, words)
        return processes

    def queue(self, *portals: str) -> None:
        with self.at("scheduler").stores() as stores, stores.catalog.begin() as connection:
            assert all(enqueue(connection, portal, cause=NOW) for portal in portals)

    def runs(self) -> list[Row]:
        return self.at("scheduler").rows(select(runs).order_by(runs.c.run))

    def states(self) -> Counter[str]:
        return Counter(str(state) for (state,) in self.tell("SELECT state FROM runs"))

    def kept(self, run: str | None = None) -> int:
        question = select(captures.c.record_id)
        return len(self.at("scheduler").rows(question.where(captures.c.run == run) if run else question))

    def under_way(self) -> Row:
        """The one run, some way into its portal."""
        until(lambda: self.states() == {"running": 1} and len(self.world.journal) > 10)
        (row,) = self.runs()
        return row

    def logs(self, run: str) -> dict[str, str]:
        """By the machine on which it stands."""
        return {path.parts[-4]: path.read_text("utf-8") for path in self.top.glob(f"*/var/logs/{run}.log")}

    def tell(self, question: str) -> list[tuple[object, ...]]:
        where = {"conninfo": self.catalog.replace("+psycopg", "", 1), "options": "-c search_path=public,procrastinate"}
        with psycopg.connect(**where, autocommit=True) as connection:
            cursor = connection.execute(question.encode())
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def world() -> Iterator[DemoWorld]:
    with start_world(latency=0.05, delay=0.1) as started:
        yield started


@pytest.fixture
def fleet(tmp_path: Path, postgresql_url: str, world: DemoWorld) -> Iterator[Fleet]:
    fleet = Fleet(top=tmp_path, catalog=postgresql_url, world=world)
    yield fleet
    for process in fleet.started:
        process.kill()
    for process in fleet.started:
        process.communicate()


def stop(*processes: Process) -> list[Finished]:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    return [finish(process) for process in processes]


def test_each_run_goes_to_one_worker_and_all_end_when_told(fleet: Fleet) -> None:
    processes = fleet.up("east", "west")
    fleet.queue("yunchuan", "chenghu")
    until(lambda: fleet.states() == {"finished": 2})
    places = [[*fleet.logs(row["run"])] for row in fleet.runs()]
    assert sorted(places) == [["east"], ["west"]]
    assert fleet.kept() == len(fleet.world.journal)
    assert [done.status for done in stop(*processes)] == [0, 0, 0]
    assert fleet.tell("SELECT status FROM procrastinate_jobs") == []
    assert fleet.tell("SELECT id FROM procrastinate_workers") == []


def test_a_worker_killed_with_its_crawl_is_replaced_and_what_it_had_captured_is_kept(fleet: Fleet) -> None:
    names = ("east", "west")
    workers = dict(zip(names, fleet.up(*names)[1:], strict=True))
    fleet.queue("yunchuan")
    row = fleet.under_way()
    (dead,) = fleet.logs(row["run"])
    workers[dead].kill()
    os.killpg(row["pid"], signal.SIGKILL)
    until(lambda: fleet.states()["lost"])
    asked = len(fleet.world.journal)
    assert fleet.kept() == 0  # all stands in the dead machine's spool
    until(lambda: fleet.states() == {"lost": 1, "finished": 1})
    lost, again = fleet.runs()
    (living,) = fleet.logs(again["run"])
    assert (lost["run"], living != dead, again["tries"], again["portals"]) == (row["run"], True, 2, ["yunchuan"])
    assert again["started_at"] > lost["ended_at"]
    assert fleet.at(dead).run("recover").status == 0
    assert asked - CONCURRENCY <= fleet.kept(lost["run"]) <= asked
    assert fleet.kept(again["run"]) == len(fleet.world.journal) - asked


def test_a_worker_killed_alone_leaves_its_crawl_to_end_and_its_portal_to_others(fleet: Fleet) -> None:
    _, east = fleet.up("east")
    fleet.queue("yunchuan")
    fleet.under_way()
    east.kill()
    await_line(fleet.start("west", "worker"), "takes jobs")
    until(lambda: fleet.states() == {"finished": 1})
    fleet.queue("yunchuan")
    until(lambda: fleet.states() == {"finished": 2})
    assert [[*fleet.logs(row["run"])] for row in fleet.runs()] == [["east"], ["west"]]


def test_a_job_that_is_delivered_twice_crawls_once(fleet: Fleet) -> None:
    fleet.up("east", "west")
    fleet.queue("yunchuan")
    row = fleet.under_way()
    fleet.tell("UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL")
    until(lambda: "allowed: a run that is queued" in "".join(fleet.logs(row["run"]).values()))
    until(lambda: fleet.states() == {"finished": 1})
    assert fleet.runs()[0]["pid"] == row["pid"]
    assert fleet.kept() == len(fleet.world.journal)


def test_a_worker_told_to_stop_waits_until_its_crawl_has_sealed(fleet: Fleet) -> None:
    _, worker = fleet.up("east")
    fleet.queue("yunchuan")
    fleet.under_way()
    (done,) = stop(worker)
    assert (done.status, fleet.states()) == (0, {"stopped": 1})
    assert fleet.kept() == len(fleet.world.journal)
    assert list(fleet.at("east").spool.iterdir()) == []


def test_a_worker_outlives_an_absence_of_its_database(fleet: Fleet, postgresql: str) -> None:
    _, worker = fleet.up("east")
    name = fleet.catalog.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgresql.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await_line(worker, "is not currently accepting connections: asking until it answers")
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await_line(worker, "the catalog answers again")
    fleet.queue("chenghu")
    until(lambda: fleet.states() == {"finished": 1})


def test_a_worker_waits_for_a_database_that_is_not_there_yet(fleet: Fleet) -> None:
    absent = fleet.catalog.replace("/test_", "/absent_")
    at = Fleet(top=fleet.top, catalog=absent, world=fleet.world).at("east")
    process = at.start("worker")
    await_line(process, "does not exist: asking until it answers")
    (done,) = stop(process)
    assert done.status == 0


def test_a_worker_is_refused_where_the_scheduler_crawls_by_itself(fleet: Fleet) -> None:
    done = fleet.at("east", NIANBAO_EXECUTOR="local").run("worker")
    line = "nianbao: NIANBAO_EXECUTOR: 'local' is wrong; allowed with `worker`: procrastinate\n"
    assert (done.status, done.stdout, done.stderr) == (2, b"", line)


@pytest.mark.parametrize("words", [("worker",), ("schedule", "run")])
def test_without_their_packages_jobs_are_refused_with_the_way_to_them(fleet: Fleet, words: tuple[str, ...]) -> None:
    without = "import sys; sys.modules['procrastinate'] = None; from scheduler.cli import main; main()"
    done = finish(fleet.at("east").start(*words, command=(sys.executable, "-c", without)))
    line = "nianbao: NIANBAO_EXECUTOR: 'procrastinate' needs more packages: pip install nianbao[workers]\n"
    assert (done.status, done.stderr) == (2, line)

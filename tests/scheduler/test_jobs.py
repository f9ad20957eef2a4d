"""Jobs against a real PostgreSQL: a queued run is one job, one worker's; a dead worker's is another's."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest

from archive.errors import CatalogError, ConfigError
from archive.index.catalog import Row
from scheduler.jobs import Job, Jobs

LONG = 60.0
JOBS = "SELECT id FROM procrastinate.procrastinate_jobs"
Door = Callable[..., Jobs]


@pytest.fixture
def door(postgresql_url: str) -> Iterator[Door]:
    """Each call is another process's door to the same queue."""
    with ExitStack() as opened:

        def another(seconds: float = LONG) -> Jobs:
            return opened.enter_context(closing(Jobs(postgresql_url, seconds=seconds)))

        yield another


def queued(*runs: str) -> list[Row]:
    """`r1@p` is the run r1 of the portal p."""
    return [{"run": run, "portals": [portal]} for run, _, portal in (text.partition("@") for text in runs)]


def drain(jobs: Jobs) -> list[str]:
    """What this worker may take now."""
    return [f"{job.run}@{job.portal}" for job in iter(jobs.take, None)]


def await_job(jobs: Jobs, before: Callable[[], None]) -> Job:
    deadline, pause = time.monotonic() + 20, threading.Event()
    while True:
        before()
        if job := jobs.take():
            return job
        assert time.monotonic() < deadline
        pause.wait(0.05)


def in_database(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        return cursor.fetchall() if cursor.description else []


def test_a_queued_run_is_one_job_however_often_it_is_deferred(door: Door, postgresql_url: str) -> None:
    scheduler, second, worker = door(), door(), door()
    scheduler.defer(queued("r1@p", "r2@q"))
    second.defer(queued("r1@p", "r2@q"))
    assert drain(worker) == ["r1@p", "r2@q"]
    scheduler.defer(queued("r1@p", "r2@q"))  # taken, and not begun yet
    assert len(in_database(postgresql_url, JOBS)) == 2


def test_two_schedulers_that_defer_at_once_defer_once(door: Door, postgresql_url: str) -> None:
    doors, rows = [door() for _ in range(4)], queued(*(f"r{number}@p{number}" for number in range(10)))
    threads = [threading.Thread(target=one.defer, args=(rows,)) for one in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(in_database(postgresql_url, JOBS)) == 10


def test_a_job_is_one_workers_and_a_portals_next_waits_until_it_is_finished(door: Door) -> None:
    door().defer(queued("r1@p", "r2@p", "r3@q"))
    first, second = door(), door()
    job = first.take()
    assert job
    assert (job.run, drain(second)) == ("r1", ["r3@q"])
    first.finish(job)
    assert drain(second) == ["r2@p"]


def test_a_finished_job_leaves_nothing_and_finishing_again_is_no_error(door: Door, postgresql_url: str) -> None:
    worker = door()
    worker.defer(queued("r1@p"))
    job = worker.take()
    assert job
    worker.finish(job)
    worker.finish(job)
    assert in_database(postgresql_url, JOBS) == []


def test_a_silent_workers_jobs_are_released_and_what_is_still_queued_is_deferred_again(door: Door) -> None:
    scheduler, dead, worker = door(0.3), door(0.3), door(0.3)
    scheduler.defer(queued("r1@p", "r2@p"))
    assert dead.take()
    next_one = await_job(worker, scheduler.release_stalled)
    assert next_one.run == "r2"
    worker.finish(next_one)
    scheduler.defer(queued("r1@p"))
    assert drain(worker) == ["r1@p"]


def test_a_worker_that_beats_keeps_its_jobs(door: Door) -> None:
    scheduler, living, other = door(1), door(1), door(1)
    scheduler.defer(queued("r1@p", "r2@p"))
    assert living.take()
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        living.beat()
        other.beat()
        scheduler.release_stalled()
        assert other.take() is None


def test_a_worker_that_was_held_for_dead_takes_jobs_again(door: Door, postgresql_url: str) -> None:
    scheduler, worker = door(), door()
    assert worker.take() is None
    in_database(postgresql_url, "DELETE FROM procrastinate.procrastinate_workers")
    scheduler.defer(queued("r1@p"))
    assert drain(worker) == ["r1@p"]


def test_a_worker_that_leaves_frees_what_it_had_taken(door: Door, postgresql_url: str) -> None:
    scheduler = door()
    scheduler.defer(queued("r1@p", "r2@p"))
    with closing(Jobs(postgresql_url, seconds=LONG)) as leaving:
        assert leaving.take()
    scheduler.release_stalled()
    assert drain(door()) == ["r2@p"]
    assert len(in_database(postgresql_url, "SELECT id FROM procrastinate.procrastinate_workers")) == 1


def test_all_who_start_at_once_make_the_tables_once_and_in_a_schema_of_their_own(
    door: Door, postgresql_url: str
) -> None:
    found: list[Job | None] = []
    doors = [door() for _ in range(4)]
    threads = [threading.Thread(target=lambda one=one: found.append(one.take())) for one in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [None] * 4
    where = "SELECT DISTINCT schemaname::text FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
    assert in_database(postgresql_url, where) == [("procrastinate",)]


def test_tables_of_another_version_are_refused_with_the_way_out(door: Door, postgresql_url: str) -> None:
    door().defer(queued("r1@p"))
    in_database(postgresql_url, "COMMENT ON SCHEMA procrastinate IS 'sha256:another'")
    with pytest.raises(ConfigError, match=r"another version .* DROP SCHEMA procrastinate CASCADE"):
        door().take()
    in_database(postgresql_url, "DROP SCHEMA procrastinate CASCADE")
    fresh = door()
    fresh.defer(queued("r1@p"))
    assert drain(fresh) == ["r1@p"]


def test_an_absent_database_is_a_catalog_error_and_asked_again_once_it_is_there(postgresql_url: str) -> None:
    later = postgresql_url.replace("/test_", "/later_").replace("postgres:@", "postgres:secret@")
    name = later.partition("/later_")[2].partition("?")[0]
    with closing(Jobs(later, seconds=LONG)) as jobs:
        with pytest.raises(CatalogError, match=r'database "later_.* does not exist') as told:
            jobs.take()
        assert "secret" not in str(told.value)
        in_database(postgresql_url, f"CREATE DATABASE later_{name}")
        assert jobs.take() is None
    in_database(postgresql_url, f"DROP DATABASE later_{name}")

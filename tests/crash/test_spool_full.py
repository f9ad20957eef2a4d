"""A disk that fills up, a spool that cannot be written: the run stops, says why, and keeps what a spider saw."""

import resource
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.demo.world import start_world
from tests.crash.witnessed import Witnessed, answers, stored
from tests.e2e.installation import Finished, Installation, finish

SMALL_DISK = "size=160k"


@pytest.fixture
def witnessed(tmp_path: Path) -> Witnessed:
    return Witnessed(at=Installation(folder=tmp_path))


@contextmanager
def disk(place: Path, options: str) -> Iterator[None]:
    place.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


def is_one_clear_line(done: Finished, spool: Path) -> bool:
    lines = [line for line in done.stderr.splitlines() if line.startswith("nianbao: ")]
    return (
        len(lines) == 1 and lines[0].startswith(f"nianbao: spool {spool}: cannot ") and "Traceback" not in done.stderr
    )


def check_all_is_kept(witnessed: Witnessed) -> None:
    assert witnessed.at.run("recover").status == 0
    assert list(witnessed.at.spool.iterdir()) == []
    kept = answers(stored((witnessed.at.folder / "var/objects").rglob("*.warc.gz")))
    assert witnessed.seen()
    assert witnessed.seen() - kept == Counter()


def test_a_full_disk_ends_the_run_and_what_was_seen_is_kept(witnessed: Witnessed) -> None:
    spool = witnessed.at.spool
    with disk(spool, SMALL_DISK), start_world() as world:
        done = finish(witnessed.crawl(witnessed.at.know(world)))
        assert (done.status, done.rows[0]["outcome"]) == (3, "failed")
        assert is_one_clear_line(done, spool)
        subprocess.run(["mount", "-o", "remount,size=8m", spool], check=True)
        check_all_is_kept(witnessed)


def test_a_file_that_may_not_grow_ends_the_run_and_what_was_seen_is_kept(
    witnessed: Witnessed, postgresql_url: str
) -> None:
    at = Installation(folder=witnessed.at.folder, settings={"NIANBAO_CATALOG_URL": postgresql_url})
    limit = 100_000  # EFBIG: Python has SIGXFSZ ignored
    with start_world() as world:
        limited = Witnessed(at=at).crawl(
            at.know(world), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        )
        done = finish(limited)
    assert (done.status, done.rows[0]["outcome"]) == (3, "failed")
    assert is_one_clear_line(done, at.spool)
    check_all_is_kept(Witnessed(at=at))


def test_a_spool_that_cannot_be_written_stops_the_crawl_before_it_begins(witnessed: Witnessed) -> None:
    with disk(witnessed.at.spool, f"{SMALL_DISK},ro"), start_world() as world:
        done = finish(witnessed.crawl(witnessed.at.know(world)))
        assert (done.status, done.stdout, world.journal) == (3, b"", [])
        assert is_one_clear_line(done, witnessed.at.spool)


def test_a_spool_that_is_no_folder_stops_the_crawl_before_it_begins(witnessed: Witnessed) -> None:
    witnessed.at.spool.parent.mkdir()
    witnessed.at.spool.write_text("")
    with start_world() as world:
        done = finish(witnessed.crawl(witnessed.at.know(world)))
        assert (done.status, world.journal) == (3, [])
    assert is_one_clear_line(done, witnessed.at.spool.parent) or is_one_clear_line(done, witnessed.at.spool)

"""The writer: what stands in the spool after each call, whatever the disk does."""

import gzip
import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.capture.exchange import Original, RecordId
from archive.capture.records import sha256
from archive.capture.writer import SYNC_EVERY, SegmentWriter
from archive.errors import SpoolError
from tests.archive.exchanges import AT, PORTAL, exchange, page
from tests.conformance.strict import StrictRecord, read_strict

GOLDEN = Path(__file__).parents[2] / "golden/segment.txt"
SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sealed() -> list[Path]:
    return []


@pytest.fixture
def make(tmp_path: Path, clock: Clock, sealed: list[Path]) -> Callable[..., SegmentWriter]:
    ids = (RecordId(f"<urn:uuid:00000000-0000-4000-8000-{number:012}>") for number in itertools.count(1))
    known = {"spool": tmp_path, "on_sealed": sealed.append, "writer": "7", "host": "ho-st", "now": clock}
    return lambda **more: SegmentWriter(**{**known, "new_id": lambda: next(ids), **more})


@pytest.fixture
def writer(make: Callable[..., SegmentWriter]) -> Iterator[SegmentWriter]:
    with closing(make()) as writer:
        yield writer


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each fsync that the kernel has done."""
    fsync, done = os.fsync, []
    monkeypatch.setattr(os, "fsync", lambda descriptor: done.append(fsync(descriptor)))
    return done


def types(records: list[StrictRecord]) -> list[str]:
    return [record.type for record in records]


def test_a_segment_reads_as_the_golden_one(make: Callable[..., SegmentWriter], sealed: list[Path]) -> None:
    facts = {**PORTAL, "role": "report", "via": "https://www.songjiang.gov.cn/", "anchor": "区财政局\r\n2023年年报"}
    first = page("/a.html", "<p>年报</p>".encode(), interim=b"HTTP/1.1 103 Early Hints\r\n\r\n", facts=facts)
    original = Original(record_id=RecordId("<urn:uuid:0>"), url="https://a.cn/", date="2023", payload_digest=sha256([]))
    with closing(make(info={"software": "Nianbao", "isPartOf": "r1"})) as writer:
        writer.append(first)
        writer.append(page("/b.html", "<p>年报</p>".encode()))
        writer.append(exchange("/a.html", status=304, not_modified_of=original))
        writer.append(page("/cut.html", b"<p>", truncated="disconnect"))
        writer.close_run("r1", [("outcome", "finished"), ("portals", "songjiang")])
    plain = gzip.decompress(sealed[0].read_bytes())
    assert b"\n" not in plain.replace(b"\r\n", b"")
    assert plain.replace(b"\r\n", b"\n").decode() == GOLDEN.read_text("utf-8")


def test_a_segment_is_invisible_until_sealed(writer: SegmentWriter, tmp_path: Path, sealed: list[Path]) -> None:
    writer.append(page("/a", b"<p>"))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"NIANBAO-20240120020304-00001-host-7.warc.gz.open", "host-7.lock"}
    writer.seal()
    assert [path.name for path in sealed] == ["NIANBAO-20240120020304-00001-host-7.warc.gz"]
    assert types(read_strict(sealed[0])) == ["warcinfo", "request", "response", "metadata"]


def test_what_append_returned_from_is_with_the_kernel(writer: SegmentWriter, tmp_path: Path) -> None:
    writer.append(page("/a", b"<p>"))
    assert types(read_strict(next(tmp_path.glob("*.open"))))[-1] == "metadata"


def test_nothing_is_sealed_where_nothing_was_written(writer: SegmentWriter, sealed: list[Path]) -> None:
    writer.tick()
    writer.seal()
    assert sealed == []


def test_a_capture_after_which_the_segment_is_large_enough_is_its_last(
    make: Callable[..., SegmentWriter], sealed: list[Path]
) -> None:
    with closing(make(segment_bytes=2000)) as writer:
        for number in range(4):
            writer.append(page(f"/{number}", os.urandom(1500)))
        assert [path.name[-18:] for path in sealed] == [f"0000{n}-host-7.warc.gz"[-18:] for n in (1, 2, 3, 4)]


def test_a_segment_is_sealed_at_its_age(writer: SegmentWriter, clock: Clock, sealed: list[Path]) -> None:
    writer.append(page("/a", b"<p>"))
    clock.now += 299 * SECOND
    writer.tick()
    assert sealed == []
    clock.now += SECOND
    writer.tick()
    assert len(sealed) == 1


def test_each_segment_names_the_one_before(writer: SegmentWriter, sealed: list[Path]) -> None:
    for path in ("/a", "/b"):
        writer.append(page(path, path.encode()))
        writer.seal()
    blocks = [read_strict(path)[0].block for path in sealed]
    assert blocks == [b"", b"previousSegment: NIANBAO-20240120020304-00001-host-7\r\n"]


def test_captures_are_synced_in_groups(writer: SegmentWriter, syncs: list[int]) -> None:
    for number in range(SYNC_EVERY - 1):  # the warcinfo is the first of the group
        assert syncs == []
        writer.append(page(f"/{number}", b"%d" % number))
    assert len(syncs) == 1


def test_a_capture_is_synced_half_a_second_later(writer: SegmentWriter, clock: Clock, syncs: list[int]) -> None:
    writer.append(page("/a", b"<p>"))
    clock.now += 0.4 * SECOND
    writer.tick()
    assert syncs == []
    clock.now += 0.1 * SECOND
    writer.tick()
    writer.tick()
    assert len(syncs) == 1


def test_a_name_has_one_writer(writer: SegmentWriter, make: Callable[..., SegmentWriter]) -> None:
    with pytest.raises(SpoolError, match="another process writes as host-7 already"):
        make()
    make(writer="8").close()


def test_a_closed_writer_gives_its_name_up(make: Callable[..., SegmentWriter], tmp_path: Path) -> None:
    make().close()
    make().close()
    assert list(tmp_path.iterdir()) == []


UNDER_A_LIMIT = """
import os, resource, signal, sys
from pathlib import Path
from archive.capture.writer import SegmentWriter
from archive.errors import SpoolError
from tests.archive.exchanges import page
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit, sizes = int(sys.argv[2]), map(int, sys.argv[3:])
writer = SegmentWriter(spool=Path(sys.argv[1]), on_sealed=print, writer="1", host="h")
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
for number, size in enumerate(sizes):
    try:
        writer.append(page(f"/{number}", os.urandom(size)))
    except SpoolError as exc:
        print(exc, file=sys.stderr)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.append(page("/last", b"<p>"))
writer.close()
"""


@pytest.mark.parametrize(("limit", "kept"), [(10, ["/last"]), (30_000, ["/0", "/2", "/last"])])
def test_an_append_that_fails_leaves_the_segment_sound(tmp_path: Path, limit: int, kept: list[str]) -> None:
    """The kernel refuses bytes behind the limit: in the warcinfo, or in the middle of the second capture."""
    command = [sys.executable, "-c", UNDER_A_LIMIT, str(tmp_path), str(limit), "20000", "20000", "1000"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert "File too large" in done.stderr
    (sealed,) = map(Path, done.stdout.split())
    records = read_strict(sealed)
    assert [r.get("WARC-Target-URI").rpartition(".cn")[2] for r in records if r.type == "response"] == kept
    assert [path for path in tmp_path.iterdir() if path != sealed] == []


def test_a_spool_that_cannot_be_made_is_told(make: Callable[..., SegmentWriter], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SpoolError, match=r"file.*Not a directory|File exists"):
        make(spool=tmp_path / "file/spool")


def test_a_torn_writer_process_frees_its_name(make: Callable[..., SegmentWriter], tmp_path: Path) -> None:
    script = (
        "import sys; from archive.capture.segment import lock_writer; from pathlib import Path; import signal;"
        "lock = lock_writer(Path(sys.argv[1]), 'host-7'); print(bool(lock), flush=True); signal.pause()"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout.readline() == b"True\n"
        with pytest.raises(SpoolError):
            make()
        process.send_signal(signal.SIGKILL)
        process.wait()
    make().close()

"""CDXJ lines are, byte for byte, those of pywb's own indexer."""

import subprocess
import sysconfig
from contextlib import closing
from pathlib import Path

from archive.capture.records import read_records
from archive.capture.writer import SegmentWriter
from archive.index import cdxj
from tests.archive.exchanges import exchange, page, pdf


def lines(segment: Path) -> list[str]:
    with segment.open("rb") as stream:
        return cdxj.index(read_records(stream), filename=segment.name)


def test_our_lines_are_those_of_pywb(tmp_path: Path) -> None:
    sealed: list[Path] = []
    with closing(SegmentWriter(spool=tmp_path, on_sealed=sealed.append, writer="1")) as writer:
        for one in (
            page("/b.html", b"<p>"),
            page("/a.html?年=2023", b"<p>"),  # a revisit
            pdf("/a-.pdf"),
            exchange("/gone", b"", "Location: /b.html", status=302),
            exchange("/no-type", b"x"),
            page("/broken", b"<", truncated="disconnect"),
        ):
            writer.append(one)
    command = [Path(sysconfig.get_path("scripts"), "cdx-indexer"), "--sort", "--cdxj", sealed[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONWARNINGS": "ignore"})
    assert lines(sealed[0]) == done.stdout.splitlines()


def test_lines_stand_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    sealed: list[Path] = []
    with closing(SegmentWriter(spool=tmp_path, on_sealed=sealed.append, writer="1")) as writer:
        for path in ("/a/b", "/a", "/a-b", "/a?b", "/0"):
            writer.append(page(path, path.encode()))
    keys = [line.split(" ")[0] for line in lines(sealed[0])]
    assert keys == [f"cn,gov,songjiang)/{path}" for path in ("0", "a", "a-b", "a/b", "a?b")]


def test_a_timestamp_is_the_date_without_its_fraction() -> None:
    assert cdxj.timestamp_of("2026-01-02T03:04:05.678901Z") == "20260102030405"

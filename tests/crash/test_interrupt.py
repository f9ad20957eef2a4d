"""Ctrl-C: what was captured is sealed and stored, and the run says that it was stopped."""

import signal
import threading
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from archive.index.schema import runs
from crawler.demo.world import start_world
from tests.crash.witnessed import Witnessed, answers, stored
from tests.e2e.installation import Installation, finish


def test_ctrl_c_seals_what_was_captured(tmp_path: Path) -> None:
    witnessed = Witnessed(at=Installation(folder=tmp_path))
    at, pause, deadline = witnessed.at, threading.Event(), time.monotonic() + 60
    with start_world(latency=0.05) as world:
        crawl = witnessed.crawl(at.know(world))
        while len(world.journal) < 20 and time.monotonic() < deadline:
            pause.wait(0.01)
        crawl.send_signal(signal.SIGINT)
        done = finish(crawl)
        assert 20 <= len(world.journal) < 80, "it was to be stopped in the middle"
    assert (done.status, done.rows[0]["outcome"]) == (1, "stopped")
    assert "Traceback" not in done.stderr
    assert list(at.spool.iterdir()) == []
    assert [row["state"] for row in at.rows(select(runs))] == ["stopped"]
    kept = answers(stored((tmp_path / "var/objects").rglob("*.warc.gz")))
    assert (witnessed.seen() - kept, kept.total()) == (Counter(), done.rows[0]["captures"])

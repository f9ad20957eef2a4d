"""`server` and `replay serve` as an operator runs them: they come up, they end, and say in one line why they cannot."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import urllib3

from crawler.demo.world import start_world
from tests.e2e.installation import Installation, finish
from tests.e2e.listening import listening

REPLAY = ("replay", "serve")
BOTH = pytest.mark.parametrize("words", [("server",), REPLAY], ids=" ".join)


@pytest.fixture
def at(tmp_path: Path) -> Installation:
    return Installation(folder=tmp_path)


def names(words: tuple[str, ...]) -> tuple[str, ...]:
    return ("server", "replay") if words == REPLAY else ("server",)


def status(url: str) -> int:
    return urllib3.request("GET", url, retries=False).status


def soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not holds() and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    return holds()


@BOTH
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_well_when_it_is_told_to(at: Installation, words: tuple[str, ...], number: int):
    with listening(at, *words, names=names(words)) as served:
        assert status(f"{served.addresses['server']}/health") == 200
        done = served.stop(number)
    assert (done.status, done.stdout, done.stderr) == (0, b"", "")
    for address in served.addresses.values():
        with pytest.raises(urllib3.exceptions.HTTPError):
            status(address)


@BOTH
def test_a_port_in_use_is_refused_in_one_line(at: Installation, words: tuple[str, ...]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = at.run(*words, "--port", port)
    line = f"nianbao: --port: {port} on 127.0.0.1: Address already in use; allowed: a free port, or 0 for any\n"
    assert (done.status, done.stderr) == (2, line)


def test_an_address_of_another_machine_is_refused_in_one_line(at: Installation):
    done = at.run("server", "--host", "192.0.2.1")
    assert done.status == 2
    assert done.stderr == "nianbao: --host: '192.0.2.1' is wrong; allowed: an address of this machine\n"


def test_replay_stops_with_status_3_when_its_engine_dies(at: Installation):
    with listening(at, *REPLAY, names=names(REPLAY)) as served:
        [engine] = children(served.process.pid)
        os.kill(engine, signal.SIGKILL)
        done = finish(served.process)
    assert (done.status, done.stderr) == (3, "nianbao: replay: pywb ended with status -9\n")


def test_the_engine_does_not_outlive_a_replay_that_was_killed(at: Installation):
    with listening(at, *REPLAY, names=names(REPLAY)) as served:
        [engine] = children(served.process.pid)
        served.stop(signal.SIGKILL)
        assert soon(
            lambda: not Path(f"/proc/{engine}/cmdline").exists() or not Path(f"/proc/{engine}/cmdline").read_bytes()
        )


def children(process: int) -> list[int]:
    return [
        int(number)
        for task in Path(f"/proc/{process}/task").iterdir()
        for number in (task / "children").read_text().split()
    ]


def test_without_the_extra_one_line_says_what_to_install(at: Installation):
    program = "import sys; sys.modules['pywb'] = None; from scheduler.cli import main; main()"
    done = finish(at.start(*REPLAY, command=(sys.executable, "-c", program)))
    assert done.status == 2
    assert done.stderr == "nianbao: replay: pywb is not installed; pip install 'nianbao[replay]' brings it\n"


def test_replay_can_stand_on_a_server_of_its_own(at: Installation):
    with listening(at, "server", names=("server",)) as behind:
        address = behind.addresses["server"]
        with listening(at, *REPLAY, "--server", address, names=names(REPLAY)) as served:
            assert served.addresses["server"] == address
            assert status(f"{served.addresses['replay']}/all/http://a.cn/") == 404
            behind.stop()
            assert status(f"{served.addresses['replay']}/all/http://a.cn/") >= 500  # unknown is not "not archived"


@pytest.mark.parametrize(("url", "code"), [("ftp://a.cn/", 2), ("8076", 2), ("http://127.0.0.1:1", 3)])
def test_a_server_that_is_none_is_said_in_one_line(at: Installation, url: str, code: int):
    done = at.run(*REPLAY, "--port", 0, "--server", url)
    assert done.status == code
    assert done.stderr.startswith("nianbao: --server: ")
    assert done.stderr.count("\n") == 1


def test_a_portal_first_captured_while_replay_runs_is_a_collection(at: Installation):
    with listening(at, *REPLAY, names=names(REPLAY)) as served, start_world() as world:
        place = f"{served.addresses['replay']}/yunchuan/"
        assert status(place) == 404
        at.run("crawl", "--portals", at.know(world), "yunchuan", "--max-pages", 2)
        assert soon(lambda: status(place) == 200)
        assert status(f"{place}mp_/http://127.0.0.1:{world.ports[0]}/") == 302  # to its time

"""Cookies are told apart without asking anybody outside."""

import sys
from pathlib import Path

from crawler.demo.world import start_world
from tests.e2e.installation import Installation, finish

WATCHED = """
import socket, sys
from scheduler.cli import main
asked, find = [], socket.getaddrinfo
def note(host, *rest, **named):
    asked.append(str(host))
    return find(host, *rest, **named)
socket.getaddrinfo = note
try:
    main()
finally:
    print(*asked, "watched")
"""


def test_a_crawl_with_cookies_asks_for_no_host_but_its_portals(tmp_path: Path) -> None:
    # An empty cache, as on a new machine: a list fetched once would be there.
    at = Installation(folder=tmp_path, settings={"TLDEXTRACT_CACHE": str(tmp_path / "cache")})
    with start_world() as world:
        words = ("crawl", "chenghu", "--portals", at.know(world))
        done = finish(at.start(*words, command=(sys.executable, "-c", WATCHED)))
    assert set(done.stdout.decode().split()) <= {"127.0.0.1", "watched"}
    assert done.stdout.endswith(b"watched\n")
    assert "Traceback" not in done.stderr

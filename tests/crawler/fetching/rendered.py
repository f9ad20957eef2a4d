"""Sites for the browser, and what the command made of them."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.demo.server import Hit, Listener, serving
from crawler.demo.site import Answer, Page, Site
from tests.conformance.saving import LOOPBACK, REPOSITORY, Saved, environment, script

ROBOTS = Page(media_type="text/plain", body=b"User-agent: *\nAllow: /\n")
SCRIPT = "text/javascript"
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    base: str
    journal: list[Hit]

    def asked(self) -> list[str]:
        return [hit.path for hit in self.journal if hit.path != "/robots.txt"]


@contextmanager
def served(pages: Mapping[str, Page | Answer], *, host: str = "127.0.0.1") -> Iterator[Served]:
    with socket.create_server((host, 0)) as door:
        base = f"http://{host}:{door.getsockname()[1]}"
        site = Site(
            id="site",
            name="",
            base=base,
            pages={"/robots.txt": ROBOTS, "/favicon.ico": Page(status=204), **pages},
            missing=Page(status=404),
        )
        journal: list[Hit] = []
        with serving([(door, Listener(site=site, journal=journal, latency=0.0))]):
            yield Served(base=base, journal=journal)


def page(html: str) -> Page:
    return Page(body=html.encode(), media_type="text/html; charset=utf-8")


def start(home: Path, *words: str, env: Mapping[str, str] = LOOPBACK, command: Words = ()) -> subprocess.Popen[bytes]:
    texts, pipe = [*(command or (script("nianbao"),)), *words], subprocess.PIPE
    environ = {**environment(home, env), "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(texts, env=environ, cwd=home, stdout=pipe, stderr=pipe)


def finish(process: subprocess.Popen[bytes], home: Path) -> tuple[Saved, str]:
    with process:
        stdout, stderr = process.communicate(timeout=120)
    assert stdout, stderr.decode()
    return Saved(home=home, exit_status=process.returncode, summary=json.loads(stdout)), stderr.decode()


def save(home: Path, *urls: str, env: Mapping[str, str] = LOOPBACK, command: Words = ()) -> Saved:
    return finish(start(home, "save", "--render", "--json", *urls, env=env, command=command), home)[0]


OPEN_INTERNET: Words = (sys.executable, "-m", "tests.crawler.fetching.open_internet")


def browsers(home: Path) -> list[int]:
    """Living processes of Chromium that have this home in their environment, the first of them the browser's own."""
    return sorted(int(place.name) for place in Path("/proc").glob("[0-9]*") if _is_browser(place, home))


def _is_browser(place: Path, home: Path) -> bool:
    try:
        name, environ = (place / "comm").read_text(), (place / "environ").read_bytes()
    except OSError:  # gone, or another user's
        return False
    return name.startswith("chrom") and f"NIANBAO_HOME={home}\0".encode() in environ


def wait_until(true: Callable[[], object], *, seconds: float = 30) -> bool:
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not true() and time.monotonic() < deadline:
        pause.wait(0.05)
    return bool(true())

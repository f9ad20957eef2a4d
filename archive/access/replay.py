"""Replay: pywb as a process of its own, over our server, on a socket that is bound before it starts.

    nianbao replay serve ── the socket, a folder with config.yaml, a pipe ──▶ python -m archive.access.wayback
                         ◀────────────── GET /cdx, /warc/… ─────────────────

The pipe is how it is told to stop: its end is seen even if we are killed. pywb is GPL and patches the standard library,
so it stays behind that line; and it gets nothing of our environment that could send its requests elsewhere.
"""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from archive.access.listening import GRACE_SECONDS, Ends, address
from archive.errors import ConfigError, ServerEnded

START_SECONDS = 60
# What a replayed page may load: of this host only, whatever the rewriting overlooked; and no sockets.
POLICY = "default-src 'unsafe-eval' 'unsafe-inline' 'self' data: blob:; form-action 'self'; base-uri 'self'"
ELSEWHERE = ("_PROXY", "PYWB_", "SOCKS_", "NIANBAO_", "REDIS_")


def need_pywb() -> None:
    if find_spec("pywb") is None:
        raise ConfigError("replay: pywb is not installed; pip install 'nianbao[replay]' brings it")


def need_server(url: str) -> str:
    """The URL without its last slash, if a server answers there."""
    server = url.rstrip("/")
    parts = urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(f"--server: {url!r} is wrong; allowed: http://HOST[:PORT], as `nianbao server` prints it")
    try:
        _ask(f"{server}/health")
    except (OSError, HTTPException) as exc:
        raise ServerEnded(f"--server: {url} does not answer: {exc}") from exc
    return server


@contextmanager
def replaying(door: socket.socket, server: str, told: Ends) -> Iterator[None]:
    """Once inside, it answers. Takes the socket over."""
    where = address(door)
    with TemporaryDirectory(prefix="nianbao-replay-") as folder:
        Path(folder, "config.yaml").write_text(json.dumps(_config(server)))  # JSON is YAML
        process = _start(door, folder)
        watch = threading.Thread(target=lambda: told.report(f"replay: pywb ended with status {process.wait()}"))
        watch.start()
        try:
            _await(where, process)
            yield
        finally:
            _stop(process)
            watch.join()


def _config(server: str) -> dict[str, object]:
    return {
        "server": server,
        "collections": {"all": "$all"},
        "archive_paths": [f"{server}/warc/"],
        "enable_memento": True,
        "framed_replay": True,
        # A time that is not a capture's redirects to the capture's: what the address bar shows can be cited.
        "redirect_to_exact": True,
        "csp-header": POLICY,
    }


def _start(door: socket.socket, folder: str) -> subprocess.Popen[bytes]:
    number = door.fileno()
    command = [sys.executable, "-P", "-W", "ignore", "-m", "archive.access.wayback", str(number)]
    environment = {
        name: value for name, value in os.environ.items() if not any(part in name.upper() for part in ELSEWHERE)
    }
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        pass_fds=[number],
        stdin=subprocess.PIPE,
        stdout=sys.stderr.fileno(),  # ours is for data
        start_new_session=True,  # Ctrl-C is ours to hear
    )
    door.close()  # so that its end is the end of those who wait on the socket
    return process


def _await(where: str, process: subprocess.Popen[bytes]) -> None:
    try:
        _ask(f"{where}/")
    except (OSError, HTTPException) as exc:
        raise ServerEnded(f"replay: pywb did not start (exit status {process.poll()}): {exc}") from exc


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_SECONDS)
    process.kill()  # does nothing to one that has ended


def _ask(url: str) -> int:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=START_SECONDS)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status
    finally:
        connection.close()

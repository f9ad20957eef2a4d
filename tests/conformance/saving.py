"""A run of the product in a child process, and what it left, read without the product.

    saved = save(home, registry, urls)           `nianbao save`, then every segment through the strict reader
    pair(saved.captures, server.journal)         each capture with the exchange it keeps, one to one

Retries are exchanges of their own: no entry of the journal is given to two captures.
"""

import base64
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.conformance.reply import Exchange
from tests.conformance.strict import StrictRecord, read_strict

REPOSITORY = Path(__file__).parents[2]
LOOPBACK = {"NIANBAO_ALLOW_PRIVATE_HOSTS": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    request: StrictRecord
    record: StrictRecord
    metadata: StrictRecord

    @property
    def fields(self) -> dict[str, str]:
        return dict(line.split(": ", 1) for line in self.metadata.block.decode().splitlines())

    @property
    def message(self) -> bytes:
        """All that is kept of the server's answer, interim responses first."""
        return base64.b64decode(self.fields.get("interimResponse", "")) + self.record.block


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    capture: Capture
    exchange: Exchange

    @property
    def expected(self) -> bytes:
        """What of the server's answer must be kept: all of it, and of a repeated payload the head."""
        if self.capture.record.type == "response":
            return self.exchange.sent
        return self.exchange.sent.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


@dataclass(frozen=True, kw_only=True)
class Saved:
    home: Path
    exit_status: int
    summary: Mapping[str, Any]

    @property
    def problems(self) -> list[dict[str, Any]]:
        return list(self.summary["problems"])

    @cached_property
    def segments(self) -> dict[Path, list[StrictRecord]]:
        """The records of each stored segment, in order; a segment may refer to those before it."""
        read: dict[Path, list[StrictRecord]] = {}
        for segment in sorted(self.home.glob("objects/warc/**/*.warc.gz")):
            read[segment] = read_strict(segment, known=[record for records in read.values() for record in records])
        return read

    @property
    def records(self) -> list[StrictRecord]:
        return [record for records in self.segments.values() for record in records]

    @property
    def captures(self) -> list[Capture]:
        beside = {(record.type, record.get("WARC-Concurrent-To")): record for record in self.records}
        return [
            Capture(request=beside["request", record.id], record=record, metadata=beside["metadata", record.id])
            for record in self.records
            if record.type in {"response", "revisit"}
        ]


def script(name: str) -> str:
    """A console script of this environment."""
    return str(Path(sysconfig.get_path("scripts"), name))


def environment(home: Path, more: Mapping[str, str] = LOOPBACK) -> dict[str, str]:
    """The child's, of which nothing is this process's own NIANBAO_ configuration."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    return {**inherited, "NIANBAO_HOME": str(home), **more}


def peak_memory(home: Path, *words: str) -> int:
    """The most bytes of memory that the command held at a time."""
    # Through a small process: to Linux a child's peak begins with that of the process it was forked from.
    peak = "import resource as r, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
    peak += "print(r.getrusage(r.RUSAGE_CHILDREN).ru_maxrss)"
    done = _child([sys.executable, "-c", peak, script("nianbao"), *words], home, LOOPBACK)
    assert done.returncode == 0, done.stderr.decode()
    return int(done.stdout) * 1024


def nianbao(home: Path, *words: str, env: Mapping[str, str] = LOOPBACK) -> subprocess.CompletedProcess[bytes]:
    return _child([script("nianbao"), *words], home, env)


def _child(words: Sequence[str], home: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(words, env=environment(home, env), cwd=REPOSITORY, capture_output=True, check=False)


def registry(folder: Path, url: str, *, concurrency: int = 4) -> Path:
    """A registry of the one portal that lives at `url`, crawled without delay."""
    file = folder / "registry.toml"
    portal = f'id = "misbehaving"\nname = "松江区人民政府"\nhome = "{url}"\ndelay = 0\nconcurrency = {concurrency}\n'
    file.write_text(f"[[portal]]\n{portal}", encoding="utf-8")
    return file


def save(home: Path, portals: Path, urls: Iterable[str], *, env: Mapping[str, str] = LOOPBACK) -> Saved:
    return _saved(home, nianbao(home, "save", "--portals", str(portals), "--json", *urls, env=env))


def crawl(home: Path, portals: Path) -> Saved:
    return _saved(home, nianbao(home, "crawl", "--portals", str(portals), "--json"))


def ask(
    home: Path,
    portals: Path,
    requests: Iterable[Mapping[str, object]],
    *,
    bounded: bool = False,
    seconds: float | None = None,
    env: Mapping[str, str] = LOOPBACK,
    module: str = "tests.conformance.asking",
    **settings: object,
) -> Saved:
    """What the command line cannot ask: other methods, bodies, Scrapy settings of its own (see `asking`)."""
    told = {"portals": str(portals), "settings": settings, "requests": list(requests)}
    words = json.dumps({**told, "bounded": bounded, "seconds": seconds})
    return _saved(home, _child([sys.executable, "-m", module, words], home, env))


def _saved(home: Path, done: subprocess.CompletedProcess[bytes]) -> Saved:
    assert done.stdout, done.stderr.decode()
    return Saved(home=home, exit_status=done.returncode, summary=json.loads(done.stdout))


def pair(captures: Iterable[Capture], journal: Iterable[Exchange]) -> list[Pair]:
    left = list(journal)
    pairs = [Pair(capture=capture, exchange=_take(left, capture)) for capture in captures]
    assert not left, f"not archived: {[exchange.path for exchange in left]}"
    return pairs


def _take(left: list[Exchange], capture: Capture) -> Exchange:
    """The journal's entry for this capture; of several alike the one with the same answer, if there is one."""
    alike = [exchange for exchange in left if exchange.received == capture.request.block]
    assert alike, f"the server received no such request: {capture.request.block!r}"
    taken = max(alike, key=lambda exchange: exchange.sent.startswith(capture.message))
    left.remove(taken)
    return taken

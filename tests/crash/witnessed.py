"""A witnessed archive: what spiders saw of it, by their own account, against what stands in its stored segments."""

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.conformance.misbehaving import payload
from tests.conformance.strict import StrictRecord, read_strict
from tests.e2e.installation import Installation
from tests.services import REPOSITORY

CHILD = (sys.executable, "-m", "tests.crash.crawl_child")
Seen = Counter[tuple[str, int, str]]
"""URL, status, SHA-256 of the body as a spider gets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    at: Installation

    @property
    def account(self) -> Path:
        return self.at.folder / "seen.jsonl"

    def crawl(self, registry: Path, *words: str, **more: object) -> subprocess.Popen[bytes]:
        environment = {**self.at.environment, "WITNESS": str(self.account), "PYTHONPATH": str(REPOSITORY)}
        options = ("crawl", "--portals", registry, "--full", "--json", *words)
        return self.at.start(*options, command=CHILD, env=environment, **more)

    def seen(self) -> Seen:
        lines = self.account.read_bytes().splitlines() if self.account.exists() else []
        return Counter((one["url"], one["status"], one["sha256"]) for one in map(json.loads, lines))


def stored(segments: Iterable[Path]) -> list[StrictRecord]:
    """All records, read strictly; the record ids of all segments differ."""
    records: list[StrictRecord] = []
    for segment in sorted(segments):
        records += read_strict(segment, known=records)
    return records


def answers(records: Iterable[StrictRecord]) -> Seen:
    """What the captures hold, a revisit's body being its original's, and a rendered page's its DOM."""
    known = {record.id: record for record in records}
    doms = {record.get("WARC-Concurrent-To"): _dom(record, known) for record in known.values() if _dom(record, known)}
    captures = [record for record in known.values() if record.type in {"response", "revisit"}]
    bodies = (doms.get(one.id) or _body(one, known) for one in captures)
    return Counter((one.get("WARC-Target-URI"), _status(one), body) for one, body in zip(captures, bodies, strict=True))


def requests(records: Iterable[StrictRecord]) -> Counter[tuple[str, str]]:
    asked = (record for record in records if record.type == "request")
    return Counter((one.get("WARC-Target-URI"), one.get("WARC-Date")) for one in asked)


def _dom(record: StrictRecord, known: dict[str, StrictRecord]) -> str:
    named = re.search(rb"(?m)^dom: (<\S+>)", record.block) if record.type == "metadata" else None
    return sha256(known[named[1].decode()].block).hexdigest() if named else ""


def _status(record: StrictRecord) -> int:
    return int(record.block.split(b" ", 2)[1])


def _body(record: StrictRecord, known: dict[str, StrictRecord]) -> str:
    original = known.get(record.get("WARC-Refers-To"), record) if _status(record) != 304 else record
    body = payload(original.block)
    packed = re.search(rb"(?im)^content-encoding: *gzip", original.block.partition(b"\r\n\r\n")[0])
    return sha256(gzip.decompress(body) if packed else body).hexdigest()

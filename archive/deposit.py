"""Deposit: a sealed segment's way from the spool into the archive (I4).

    sealed -> manifest and CDXJ beside it -> objects put and read back, the manifest last -> ingested -> removed here

Each step is idempotent: `recover` begins again with whatever stands. What cannot be deposited stays in the spool:
nothing is lost by a store that is away.
"""

import hashlib
import os
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from sqlalchemy import Connection

from archive.capture.compose import read_fields
from archive.capture.exchange import Digest
from archive.capture.manifest import Manifest, chain_digest, decode_manifest
from archive.capture.records import Record, read_records
from archive.capture.segment import SEALED, object_key, spool_errors, sync_folder
from archive.capture.writer import utc_now
from archive.errors import ObjectMissing
from archive.index import cdxj
from archive.ingest import ingest
from archive.stores import Stores

MANIFEST = ".json"
CDXJ = ".cdxj"


Fence = Callable[[Connection], None]


def unfenced(_: Connection) -> None:
    """Nobody's lease: the segment's run is over."""


def deposit(
    sealed: Path, stores: Stores, *, now: Callable[[], datetime] = utc_now, fence: Fence = unfenced
) -> Set[Digest]:
    """Deposits one sealed segment; gives the payload digests that are in the catalog from now on.

    `fence` raises LeaseLost where the run's portals are another run's by now. It is asked before anything is made of
    the segment: what is refused then is described by `recover` later, and so stands behind the other run's in time.
    And it is asked in the transaction itself, where nobody can take the lease any more (I7).

    Raises SegmentDamaged, SpoolError, StoreError, CatalogError or LeaseLost, and then leaves the segment in the spool.
    """
    with stores.catalog.reading() as connection:
        fence(connection)
    name = sealed.name.removesuffix(SEALED)
    beside = {suffix: sealed.with_name(f"{name}{suffix}") for suffix in (SEALED, CDXJ, MANIFEST)}
    if not beside[MANIFEST].exists():
        _describe(name, beside, stores, now())
    described = beside[MANIFEST].read_bytes()
    manifest = decode_manifest(described)
    # What the manifest promised is what must be stored: a spool that rotted meanwhile is an error, not a new truth.
    promised = {SEALED: manifest.sha256, CDXJ: manifest.cdxj_sha256, MANIFEST: chain_digest(described)}
    for suffix, sha256 in promised.items():
        stores.objects.put(object_key(name, suffix), beside[suffix], sha256=sha256)
    with stores.catalog.begin() as connection, sealed.open("rb") as segment:
        digests = ingest(connection, stores.objects, manifest, segment)
        fence(connection)
    for path in beside.values():
        path.unlink(missing_ok=True)
    return digests


def _describe(name: str, beside: dict[str, Path], stores: Stores, now: datetime) -> None:
    """Reads the segment once, strictly, and writes its CDXJ and then its manifest."""
    contents = _Contents()
    with beside[SEALED].open("rb") as segment:
        lines = cdxj.index(map(contents.count, read_records(segment)), filename=f"{name}{SEALED}")
    index = "".join(f"{line}\n" for line in lines).encode()
    manifest = Manifest(
        object=object_key(name),
        sha256=_file_sha256(beside[SEALED]),
        size=beside[SEALED].stat().st_size,
        records=contents.records,
        first_offset=0,
        last_offset=contents.last_offset,
        cdxj_sha256=hashlib.sha256(index).hexdigest(),
        previous=_previous(contents.previous, beside[SEALED].parent, stores) if contents.previous else None,
        sealed_at=now,
    )
    _write_whole(beside[CDXJ], index)
    _write_whole(beside[MANIFEST], manifest.encode())


@dataclass(slots=True)
class _Contents:
    records: int = 0
    last_offset: int = 0
    previous: str = ""

    def count(self, record: Record) -> Record:
        if record["WARC-Type"] == "warcinfo":
            self.previous = read_fields(record.block()).get("previousSegment", "")
        self.records += 1
        self.last_offset = record.offset
        return record


def _previous(name: str, spool: Path, stores: Stores) -> str | None:
    """The chain's link. A previous manifest that is nowhere leaves the link open: the audit sees that it was named."""
    local = spool / f"{name}{MANIFEST}"
    try:
        if local.exists():
            return chain_digest(local.read_bytes())
        with stores.objects.open(object_key(name, MANIFEST)) as stored:
            return chain_digest(stored.read())
    except ObjectMissing:
        return None


def _write_whole(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with spool_errors(path):
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        sync_folder(path.parent)


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Depositor:
    """Deposits segments one after the other on a thread of its own, so that a crawl does not wait for a store.

    In order, always: a later segment may hold revisits of an earlier one's payloads. After a failure the next segment's
    turn tries again from the one that failed; what is left at the end is `close`'s error and stays in the spool.
    """

    def __init__(self, stores: Stores, *, deposited: Callable[[Set[Digest]], None], fence: Fence = unfenced) -> None:
        self._stores, self._deposited, self._fence = stores, deposited, fence
        self._sealed: SimpleQueue[Path | None] = SimpleQueue()
        self._waiting: list[Path] = []
        self._thread = Thread(target=self._run, name="depositor")
        self._error: BaseException | None = None
        self._thread.start()

    def put(self, sealed: Path) -> None:
        self._sealed.put(sealed)

    def close(self) -> None:
        """Waits for all segments. Raises the last one's ArchiveError if any is still in the spool."""
        self._sealed.put(None)
        self._thread.join()
        if self._error:
            raise self._error

    def _run(self) -> None:
        more = True
        while more:
            more = self._take()
            try:
                self._deposit_waiting()
                self._error = None
            except Exception as exc:  # noqa: BLE001  # a thread's boundary: close() raises it in the caller
                self._error = exc

    def _take(self) -> bool:
        """Takes all that there are: a store that is away is waited for once, not once a segment. False at the end."""
        taken = [self._sealed.get()]
        while not self._sealed.empty():
            taken.append(self._sealed.get())
        self._waiting += filter(None, taken)
        return None not in taken

    def _deposit_waiting(self) -> None:
        while self._waiting:
            self._deposited(deposit(self._waiting[0], self._stores, fence=self._fence))
            del self._waiting[0]

"""The writer: appends exchanges to the open segment, one capture after the other, and seals it by size or age.

    capture  =  request · response | revisit · conversion? · resource? · metadata      always whole, in this order
    segment  =  warcinfo · capture* · run note?                                        the note closes a run

An appended capture is with the kernel when `append` returns (I1), on the disk at most half a second or 64 captures
later, and of a torn one nothing is left. One writer belongs to one thread.
"""

import socket
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.capture import compose
from archive.capture.dedup import Dedup
from archive.capture.exchange import Exchange, Original, RecordId, Rendition
from archive.capture.records import Headers, write_record
from archive.capture.segment import OpenSegment, lock_writer, segment_name, writer_of
from archive.errors import SpoolError

SYNC_AFTER = timedelta(seconds=0.5)
SYNC_EVERY = 64


def new_record_id() -> RecordId:
    return RecordId(f"<urn:uuid:{uuid.uuid4()}>")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What became of an exchange. `stored` is what it added to the segment, in bytes."""

    record_id: RecordId
    revisit: bool
    stored: int


@dataclass(kw_only=True)
class SegmentWriter:
    """`on_sealed` takes each sealed segment's path; `info` are the warcinfo fields that every segment repeats."""

    spool: Path
    on_sealed: Callable[[Path], None]
    writer: str
    host: str = field(default_factory=socket.gethostname)
    info: Mapping[str, str] = field(default_factory=dict)
    segment_bytes: int = 1 << 30
    segment_age: timedelta = timedelta(seconds=300)
    dedup: Dedup = field(default_factory=Dedup)
    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], RecordId] = new_record_id

    def __post_init__(self) -> None:
        self._segment: OpenSegment | None = None
        self._warcinfo_id: RecordId | None = None
        self._opened_at = self._unsynced_since = self.now()
        self._serial = self._unsynced = 0
        self._previous: str | None = None
        name = writer_of(self._name())
        self._lock = lock_writer(self.spool, name)
        if self._lock is None:
            raise SpoolError(f"spool {self.spool}: another process writes as {name} already")

    def append(self, exchange: Exchange) -> Appended:
        """Keeps the exchange, or raises SpoolError and leaves no trace of it."""
        segment = self._segment or self._open()
        start, record_id = segment.offset, self.new_id()
        original = exchange.not_modified_of or self.dedup.original_of(exchange)
        placed = [self._place(rendition) for rendition in exchange.renditions]
        self._write(segment, compose.capture(exchange, original, record_id, self.new_id, placed))
        for each in placed:
            if not each.earlier:
                self.dedup.remember_rendition(each.rendition.digest, each.record_id)
        if original is None and not exchange.truncated and exchange.payload_length:
            self.dedup.remember(
                Original(
                    record_id=record_id,
                    url=exchange.url,
                    date=compose.warc_date(exchange.at),
                    payload_digest=exchange.payload_digest,
                )
            )
        appended = Appended(record_id=record_id, revisit=original is not None, stored=segment.offset - start)
        self.tick()
        return appended

    def _place(self, rendition: Rendition) -> compose.Placed:
        holder = self.dedup.holder_of(rendition.digest)
        return compose.Placed(rendition=rendition, record_id=holder or self.new_id(), earlier=holder is not None)

    def close_run(self, run: str, fields: Iterable[tuple[str, str]]) -> None:
        """Writes the run's note: in the segments themselves stands how the run ended, and ingest acts on it."""
        segment = self._segment or self._open()
        self._write(segment, [compose.run_note(run, fields, at=self.now(), record_id=self.new_id())])

    def tick(self) -> None:
        """Syncs and rolls if it is time. To be called often: each append does, and so must a clock when none come."""
        now, segment = self.now(), self._segment
        if segment is None:
            return
        if segment.offset >= self.segment_bytes or now - self._opened_at >= self.segment_age:
            self.seal()
        elif self._unsynced >= SYNC_EVERY or (self._unsynced and now - self._unsynced_since >= SYNC_AFTER):
            segment.sync()
            self._unsynced = 0

    def seal(self) -> None:
        segment, self._segment = self._segment, None
        if segment:
            self._previous, self._unsynced = segment.name, 0
            self.on_sealed(segment.seal())

    def close(self) -> None:
        """Seals what is open and gives the writer's name up: only after what was sealed is deposited, too."""
        self.seal()
        if self._lock:
            Path(str(self._lock.name)).unlink(missing_ok=True)
            self._lock.close()

    def _open(self) -> OpenSegment:
        self._opened_at, self._serial, self._warcinfo_id = self.now(), self._serial + 1, None
        name = self._name()
        segment, warcinfo_id = OpenSegment(self.spool, name), self.new_id()
        info = {**self.info, "previousSegment": self._previous or ""}
        try:
            self._write(segment, [compose.warcinfo(name, info, at=self._opened_at, record_id=warcinfo_id)])
        except BaseException:
            segment.discard()  # a capture after it would stand in a segment without a warcinfo
            raise
        self._segment, self._warcinfo_id = segment, warcinfo_id
        return segment

    def _name(self) -> str:
        return segment_name(at=self._opened_at, serial=self._serial, host=self.host, writer=self.writer)

    def _write(self, segment: OpenSegment, records: Iterable[compose.Composed]) -> None:
        start = segment.offset
        try:
            for headers, block in records:
                write_record(segment.write, self._in_segment(headers), block)
        except BaseException:
            segment.cut_back(start)  # half a capture must not stand before the next one
            raise
        if not self._unsynced:
            self._unsynced_since = self.now()
        self._unsynced += 1

    def _in_segment(self, headers: Headers) -> Headers:
        return (*headers, ("WARC-Warcinfo-ID", self._warcinfo_id)) if self._warcinfo_id else headers

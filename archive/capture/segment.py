"""A segment: one WARC file, open while it is written in the spool, sealed once complete.

    NAME.warc.gz.open  --seal: fsync, rename-->  NAME.warc.gz  --deposit-->  object; the local file goes

    NAME = NIANBAO-<14 digits>-<serial>-<host>-<pid or worker>        key = warc/YYYY/MM/DD/NAME.warc.gz

A writer holds the lock of its name (flock on <host>-<pid>.lock) as long as it lives: `recover` takes up only what a
dead one left. A record that could not be written whole is cut off again, so that an open segment is sound after each
append, whatever the disk did.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import FileIO
from pathlib import Path

from archive.capture.records import read_records
from archive.errors import SegmentDamaged, SpoolError

OPEN = ".warc.gz.open"
SEALED = ".warc.gz"
NAME = re.compile(r"NIANBAO-(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)\d{6}-\d{5,}-[A-Za-z0-9.]+-[A-Za-z0-9]+")


def segment_name(*, at: datetime, serial: int, host: str, writer: str) -> str:
    return f"NIANBAO-{at:%Y%m%d%H%M%S}-{serial:05}-{_word(host)}-{_word(writer)}"


def _word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]", "", text) or "x"


def object_key(name: str, suffix: str = SEALED) -> str:
    """Where the segment's object (or its manifest, its CDXJ) stands in the store. ValueError if it is no NAME."""
    if not (parts := NAME.fullmatch(name)):
        raise ValueError(f"{name!r} is not a segment name")
    return f"warc/{parts['year']}/{parts['month']}/{parts['day']}/{name}{suffix}"


class OpenSegment:
    """The segment being written. Every method raises SpoolError when the spool refuses."""

    def __init__(self, spool: Path, name: str) -> None:
        self.name = name
        self.offset = 0
        self._path = spool / f"{name}{OPEN}"
        with spool_errors(self._path):
            spool.mkdir(parents=True, exist_ok=True)
            # Unbuffered: a byte that write() took is the kernel's and outlives this process (not a power failure).
            self._file = self._path.open("xb", buffering=0)

    def write(self, data: bytes) -> None:
        with spool_errors(self._path):
            while data:  # a disk that is nearly full takes a part
                taken = self._file.write(data)
                self.offset += taken
                data = data[taken:]

    def sync(self) -> None:
        with spool_errors(self._path):
            os.fsync(self._file.fileno())

    def cut_back(self, offset: int) -> None:
        """Forgets what stands after `offset`."""
        with spool_errors(self._path):
            self._file.truncate(offset)
            self._file.seek(offset)
        self.offset = offset

    def discard(self) -> None:
        with spool_errors(self._path):
            self._file.close()
            self._path.unlink()

    def seal(self) -> Path:
        self.sync()
        return seal_file(self._path, self._file)


@contextmanager
def spool_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise SpoolError(f"spool {path.parent}: cannot write {path.name}: {exc.strerror or exc}") from exc


def seal_file(open_path: Path, file: FileIO) -> Path:
    """Renames a synced open segment to its sealed name."""
    sealed = open_path.with_name(open_path.name.removesuffix(OPEN) + SEALED)
    with spool_errors(open_path):
        open_path.rename(sealed)
        sync_folder(sealed.parent)
        file.close()
    return sealed


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def writer_of(name: str) -> str:
    """`<host>-<pid or worker>`: the last two parts of a segment's name."""
    return "-".join(name.rsplit("-", 2)[1:])


def lock_writer(spool: Path, writer: str) -> FileIO | None:
    """The lock of a writer's name, held until the file is closed; None while another process holds it."""
    path = spool / f"{writer}.lock"
    with spool_errors(path):
        spool.mkdir(parents=True, exist_ok=True)
        while True:
            lock = FileIO(path, "a")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                return None
            if _stands(path, lock):
                return lock
            lock.close()


def _stands(path: Path, lock: FileIO) -> bool:
    """Whoever held the lock before may have removed its file between our opening it and locking it: a lock on a file
    that nobody else can find excludes nobody."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


def sound_length(file: FileIO) -> int:
    """Up to where a torn segment holds whole captures: the end of its last metadata record (or of the warcinfo)."""
    file.seek(0)
    sound = 0
    try:
        for record in read_records(file):
            if record["WARC-Type"] in {"warcinfo", "metadata"}:
                sound = record.offset + record.length
    except SegmentDamaged:
        pass  # the torn tail: never acknowledged, no spider saw it
    return sound

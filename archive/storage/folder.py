"""The object store as a folder: an object is a file, its key the path below the root.

    .NAME.<8 hex>.part   being put: hidden, locked by its writer
          │ fsync, hard link (which fails if the name exists), unlink, fsync of the folders
          ▼
    NAME                 an object: whole, durable, never written again

A hard link, unlike a rename, cannot replace what another process put there in the meantime.
"""

import errno
import fcntl
import io
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from archive.errors import ObjectMissing, StoreError, StoreRefused, StoreUnreachable
from archive.storage.objects import CHUNK, ObjectInfo, SealedFile, check_range, checked_key, open_sealed, prove

_PERMANENT = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP,
    errno.EMLINK, errno.ENOTSUP,
}  # fmt: skip


class Folder:
    """For one machine, or several that mount the same file system."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, path: Path, *, sha256: str) -> None:
        target = self._path(key)
        with open_sealed(path, sha256=sha256) as source, _translated(target):
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                _sweep(target.parent)
                _link(source, target)
            # also for what was there already: a crash may have come between its link and this
            self._fsync_upwards(target.parent)
        with self.open(key) as stored:
            prove(stored, key, size=source.size, sha256=sha256)

    def stat(self, key: str) -> ObjectInfo | None:
        path = self._path(key)
        with _translated(path):
            return ObjectInfo(key=key, size=path.stat().st_size) if path.is_file() else None

    def open(self, key: str, *, offset: int = 0, length: int | None = None) -> BinaryIO:
        path = self._path(key)
        check_range(offset, length)
        with _translated(path):
            try:
                file = path.open("rb", buffering=0)
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as exc:
                raise ObjectMissing(f"no object {key} in {self._root}") from exc
            file.seek(offset)
        return io.BufferedReader(_Window(file, path, sys.maxsize if length is None else length))

    def keys(self, prefix: str = "") -> Iterator[str]:
        with _translated(self._root):
            return iter(sorted(key for key in self._walk() if key.startswith(prefix)))

    def check(self) -> None:
        with _translated(self._root):
            self._root.mkdir(parents=True, exist_ok=True)
            probe = self._root / _part_name("check")
            probe.touch(exist_ok=False)
            probe.unlink(missing_ok=True)  # a writer may sweep it

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)

    def _walk(self) -> Iterator[str]:
        for folder, _, names in os.walk(self._root, onerror=_raise_unless_gone):
            above = Path(folder).relative_to(self._root)
            yield from ((above / name).as_posix() for name in names if not name.startswith("."))

    def _fsync_upwards(self, folder: Path) -> None:
        """Makes the names durable: the object's, and those of the folders that were made for it."""
        for each in (folder, *folder.parents):
            _fsync(each)
            if each == self._root.parent:
                break


class _Window(io.RawIOBase):
    """At most `left` bytes of an open file from where it stands."""

    def __init__(self, file: io.FileIO, path: Path, left: int) -> None:
        self._file, self._path, self._left = file, path, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _translated(self._path):
            count = self._file.readinto(memoryview(buffer)[: self._left]) or 0
        self._left -= count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _part_name(name: str) -> str:
    return f".{name}.{secrets.token_hex(4)}.part"


def _link(source: SealedFile, target: Path) -> None:
    with _new_part(target) as file:
        try:
            shutil.copyfileobj(source, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
            # another writer may have been first; whether with the same bytes, the proof will say
            with suppress(FileExistsError):
                os.link(file.name, target)
        finally:
            Path(file.name).unlink()


def _new_part(target: Path) -> BinaryIO:
    while True:
        path = target.with_name(_part_name(target.name))
        file = path.open("xb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if path.exists():
            return file
        file.close()  # another writer swept it between its being made and locked


def _sweep(folder: Path) -> None:
    """Removes the parts of writers that were killed: a living one holds a lock on its own."""
    for part in folder.glob(".*.part"):
        with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def _fsync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _raise_unless_gone(exc: OSError) -> None:
    if not isinstance(exc, FileNotFoundError):
        raise exc


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        kind: type[StoreError] = StoreRefused if exc.errno in _PERMANENT else StoreUnreachable
        raise kind(f"object folder, {exc.filename or path}: {exc.strerror or exc}") from exc

"""The object store as the archive sees it: keys, and under each key bytes that never change.

A port of five methods with two implementations, a folder (`archive.storage.folder`) and S3 (`archive.storage.s3`).
What both promise:

- An object is seen whole or not at all, and what stands under a key is never overwritten.
- `put` returns only after the stored bytes were read back and found to be the file's, in size and SHA-256 (I4).
- A read is never silently short: it gives the bytes that were asked for and exist, or it raises.

Whoever puts must have promised the file's SHA-256 beforehand (the segment's manifest does). A file that no longer keeps
the promise is a SpoolError, raised before anything can be seen in the store.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from archive.errors import ConfigError, ObjectDiffers, SpoolError

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectInfo:
    key: str
    size: int


class Objects(Protocol):
    """Every method may raise StoreUnreachable (the same call may succeed later) or StoreRefused (it will not), and
    ConfigError for a key that `checked_key` does not take."""

    def put(self, key: str, path: Path, *, sha256: str) -> None:
        """Stores the file under the key. The same content there already: nothing to do. Other content: ObjectDiffers.
        `sha256` is 64 lower-case hexadecimal digits; a file that cannot be read or has another is SpoolError."""

    def stat(self, key: str) -> ObjectInfo | None: ...

    def open(self, key: str, *, offset: int = 0, length: int | None = None) -> BinaryIO:
        """A stream to be closed, of `length` bytes from `offset`, or of as many of them as exist. Raises ObjectMissing;
        a connection that dies while the stream is read is StoreUnreachable, raised by the read."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin with the prefix, in the order of their code points."""

    def check(self) -> None:
        """Raises StoreError, in one line for an operator, unless the store can be reached, listed and written to.
        Makes the folder or bucket if it is missing and may be made."""


def checked_key(key: str) -> str:
    """The key, if it is relative, has no empty segment and none that begins with a dot: hidden names are the folder's
    own, and `..` would leave it."""
    if (
        any(not segment or segment.startswith(".") for segment in key.split("/"))
        or not key.isprintable()
        or "\\" in key
    ):
        message = f"{key!r} is no object key: names between single slashes are allowed, none beginning with a dot"
        raise ConfigError(message)
    return key


def check_range(offset: int, length: int | None) -> None:
    if offset < 0 or (length is not None and length < 0):
        raise ConfigError(f"offset {offset}, length {length} is no range: neither may be negative")


class SealedFile:
    """A file on its way into the store, read once. If it is not what was promised, the read fails before the last byte
    is handed on: a store that shows an object only when it has every byte never shows a wrong one."""

    def __init__(self, file: BinaryIO, *, sha256: str) -> None:
        self._file, self._promised, self._found = file, sha256, hashlib.sha256()
        self.size = self._left = os.fstat(file.fileno()).st_size
        if not self.size:
            self._prove()

    def read(self, size: int = -1) -> bytes:
        data = self._read(self._left if size < 0 else min(size, self._left))
        self._found.update(data)
        self._left -= len(data)
        if not data or not self._left:
            self._prove()
        return data

    def _read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except OSError as exc:
            raise SpoolError(f"{self._file.name} cannot be read: {exc.strerror}") from exc

    def _prove(self) -> None:
        found = self._found.hexdigest()
        if found != self._promised:
            message = f"{self._file.name} has changed since it was sealed: SHA-256 {found}, expected {self._promised}"
            raise SpoolError(message)


@contextmanager
def open_sealed(path: Path, *, sha256: str) -> Iterator[SealedFile]:
    try:
        file = path.open("rb")
    except OSError as exc:
        raise SpoolError(f"{path} cannot be read: {exc.strerror}") from exc
    with file:
        yield SealedFile(file, sha256=sha256)


def prove(stored: BinaryIO, key: str, *, size: int, sha256: str) -> None:
    """Reads a stored object to its end and compares it with the file it should hold.

    A difference is ObjectDiffers, and so permanent, even right after our own put: since nothing is ever overwritten,
    trying again would find the same bytes. An operator has to move them away first.
    """
    found, length = hashlib.sha256(), 0
    while chunk := stored.read(CHUNK):
        found.update(chunk)
        length += len(chunk)
    if (length, found.hexdigest()) != (size, sha256):
        message = (
            f"{key} holds {length} bytes with SHA-256 {found.hexdigest()}, the file {size} bytes with {sha256}; "
            "stored bytes are never overwritten: move them away, then run `nianbao recover`"
        )
        raise ObjectDiffers(message)

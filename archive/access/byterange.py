"""A byte range of an object, as a request's headers ask for it (RFC 9110, section 14)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ONE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


class Unsatisfiable(Exception):
    """A range that begins where the object has ended: 416."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRange:
    offset: int
    length: int
    size: int
    """Of the whole object."""

    def headers(self, *, partial: bool) -> dict[str, str]:
        place = {"Content-Range": f"bytes {self.offset}-{self.offset + self.length - 1}/{self.size}"} if partial else {}
        return {"Content-Length": str(self.length), **place}


def asked_range(headers: Mapping[str, str], *, size: int, etag: str) -> ByteRange | None:
    """None: all of it. So answered are, as the RFC allows, several ranges at once, other units and what is no range;
    and, as it demands, an `If-Range` that names other bytes. Raises Unsatisfiable."""
    found = _ONE.fullmatch(headers.get("range", ""))
    if not found or headers.get("if-range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        return _tail(int(last), size) if last else None
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    end = min(int(last) + 1, size) if last else size
    return ByteRange(offset=int(first), length=end - int(first), size=size)


def _tail(count: int, size: int) -> ByteRange:
    if not count or not size:
        raise Unsatisfiable
    return ByteRange(offset=max(size - count, 0), length=min(count, size), size=size)

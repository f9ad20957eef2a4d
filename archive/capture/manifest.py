"""A manifest: what a sealed segment was when it was sealed, written beside it as `NAME.json`.

Manifests of one writer form a chain: each holds the SHA-256 of the one before, so that a segment which was removed or
altered shows. The last of the three objects to be stored: an object without its manifest was never acknowledged.
"""

import hashlib
from datetime import datetime

import msgspec

from archive.errors import SegmentDamaged


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`object` is the key; digests are 64 hex digits; offsets are those of the first and the last record."""

    format: int = 1
    object: str
    sha256: str
    size: int = msgspec.field(name="bytes")
    records: int
    first_offset: int
    last_offset: int
    cdxj_sha256: str
    previous: str | None
    sealed_at: datetime

    def encode(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def decode_manifest(data: bytes) -> Manifest:
    """Raises SegmentDamaged if these are not a manifest's bytes."""
    try:
        return msgspec.json.decode(data, type=Manifest)
    except msgspec.MsgspecError as exc:
        raise SegmentDamaged(f"{data[:80]!r} is no manifest of a segment: {exc}", offset=0) from exc


def chain_digest(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()

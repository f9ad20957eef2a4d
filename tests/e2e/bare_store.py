"""The object store read without the product: files as files, a bucket by the SDK alone, records by FastWARC."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecord
from minio import Minio

from tests.services import S3Service


@dataclass(frozen=True, slots=True, kw_only=True)
class BareStore:
    keys: Callable[[], list[str]]
    range: Callable[[str, int, int], bytes]
    """Of key, offset, length; length 0 is to the end."""

    def record(self, locator: dict[str, Any]) -> tuple[WarcRecord, bytes]:
        """The one record of a locator's range, and its block."""
        member = self.range(locator["object"], locator["offset"], locator["length"])
        assert len(member) == locator["length"]
        [(record, block)] = [(one, one.reader.read()) for one in ArchiveIterator(BytesIO(member), parse_http=False)]
        return record, block

    def manifests(self) -> dict[str, list[bytes]]:
        """By writer, in the order of serials."""
        chains = defaultdict(list)
        for key in sorted(key for key in self.keys() if key.endswith(".json")):
            chains[key.split("-", 3)[-1]].append(self.range(key, 0, 0))
        return chains

    def objects(self) -> dict[str, dict[str, Any]]:
        """The manifests by the objects that they describe."""
        described = [json.loads(one) for chain in self.manifests().values() for one in chain]
        return {one["object"]: one for one in described}


def bare_folder(root: Path) -> BareStore:
    def read(key: str, offset: int, length: int) -> bytes:
        with (root / key).open("rb") as file:
            file.seek(offset)
            return file.read(length or -1)

    return BareStore(
        keys=lambda: [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()],
        range=read,
    )


def bare_bucket(service: S3Service, bucket: str) -> BareStore:
    keys = (service.access_key, service.secret_key)
    client = Minio(service.endpoint, *keys, region=service.region, secure=service.secure)

    def read(key: str, offset: int, length: int) -> bytes:
        response = client.get_object(bucket, key, offset=offset, length=length)
        try:
            return response.read()
        finally:
            response.close()
            response.release_conn()

    return BareStore(
        keys=lambda: [str(one.object_name) for one in client.list_objects(bucket, recursive=True)],
        range=read,
    )

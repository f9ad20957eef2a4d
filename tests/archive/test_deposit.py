"""Deposit: object before catalog, catalog before forgetting, in the order of sealing (I4)."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Semaphore
from typing import BinaryIO

import pytest

from archive.capture.manifest import Manifest, chain_digest, decode_manifest
from archive.deposit import Depositor, deposit
from archive.errors import SegmentDamaged, SpoolError, StoreUnreachable
from archive.index.schema import captures, segments
from archive.recover import stored_manifests
from archive.storage.objects import ObjectInfo, Objects
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, page
from tests.conformance.strict import read_strict

PREFIX = "warc/2024/01/20/NIANBAO-20240120020304-"


class Failing:
    """An object store that is away for its first `failures` puts."""

    def __init__(self, store: Objects, *, failures: int) -> None:
        self.store, self.failures = store, failures
        self.tried = Semaphore(0)

    def put(self, key: str, path: Path, *, sha256: str) -> None:
        self.failures -= 1
        self.tried.release()
        if self.failures >= 0:
            raise StoreUnreachable("the store is away")
        self.store.put(key, path, sha256=sha256)

    def stat(self, key: str) -> ObjectInfo | None:
        return self.store.stat(key)

    def open(self, key: str, *, offset: int = 0, length: int | None = None) -> BinaryIO:
        return self.store.open(key, offset=offset, length=length)

    def keys(self, prefix: str = "") -> Iterator[str]:
        return self.store.keys(prefix)

    def check(self) -> None:
        self.store.check()


def stored(crawl: Crawl, key: str) -> bytes:
    with closing(crawl.stores.objects.open(key)) as stream:
        return stream.read()


def spooled(crawl: Crawl) -> list[str]:
    return sorted(path.name for path in crawl.stores.spool.iterdir() if path.suffix != ".lock")


def test_a_deposited_segment_is_three_objects_and_no_file(crawl: Crawl) -> None:
    sealed = crawl.seal(page("/a", b"<p>"))
    data, records = sealed.read_bytes(), read_strict(sealed)
    assert deposit(sealed, crawl.stores) == {records[2].get("WARC-Payload-Digest")}
    key = f"{PREFIX}00001-test-1"
    assert list(crawl.stores.objects.keys()) == [f"{key}{suffix}" for suffix in (".cdxj", ".json", ".warc.gz")]
    assert stored(crawl, f"{key}.warc.gz") == data
    assert spooled(crawl) == []


def test_a_segment_that_rots_behind_its_manifest_is_not_stored(crawl: Crawl) -> None:
    sealed = crawl.seal(page("/a", b"<p>"))
    away = replace(crawl.stores, objects=Failing(crawl.stores.objects, failures=1))
    with pytest.raises(StoreUnreachable):
        deposit(sealed, away)
    whole = bytearray(sealed.read_bytes())
    whole[-9] ^= 1
    sealed.write_bytes(whole)
    with pytest.raises(SpoolError, match="has changed since it was sealed"):
        deposit(sealed, crawl.stores)
    assert list(crawl.stores.objects.keys()) == []
    assert sealed.name in spooled(crawl)


def test_the_manifest_says_what_was_sealed(crawl: Crawl) -> None:
    sealed = crawl.seal(page("/a", b"<p>"))
    data, records = sealed.read_bytes(), read_strict(sealed)
    deposit(sealed, crawl.stores, now=lambda: AT)
    assert decode_manifest(stored(crawl, f"{PREFIX}00001-test-1.json")) == Manifest(
        object=f"{PREFIX}00001-test-1.warc.gz",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        records=4,
        first_offset=0,
        last_offset=records[-1].offset,
        cdxj_sha256=hashlib.sha256(stored(crawl, f"{PREFIX}00001-test-1.cdxj")).hexdigest(),
        previous=None,
        sealed_at=AT,
    )


def test_manifests_of_a_writer_are_a_chain(crawl: Crawl) -> None:
    for path in ("/a", "/b", "/c"):
        crawl.keep(page(path, path.encode()))
    manifests = [stored(crawl, f"{PREFIX}0000{number}-test-1.json") for number in (1, 2, 3)]
    links = [manifest.previous for manifest in stored_manifests(crawl.stores)]
    assert links == [None, chain_digest(manifests[0]), chain_digest(manifests[1])]
    assert [row["previous"] for row in crawl.rows(segments)] == links


def test_a_damaged_segment_is_not_deposited(crawl: Crawl) -> None:
    sealed = crawl.seal(page("/a", b"<p>"))
    sealed.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(SegmentDamaged):
        deposit(sealed, crawl.stores)
    assert list(crawl.stores.objects.keys()) == []
    assert spooled(crawl) == [sealed.name]


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_store_that_is_away_leaves_the_segment_in_the_spool(crawl: Crawl, failures: int) -> None:
    sealed = crawl.seal(page("/a", b"<p>"))
    stores = replace(crawl.stores, objects=Failing(crawl.stores.objects, failures=failures))
    for _ in range(failures):
        with pytest.raises(StoreUnreachable):
            deposit(sealed, stores)
        assert sealed.name in spooled(crawl)
        assert crawl.rows(captures) == []
    deposit(sealed, stores)
    assert len(crawl.rows(captures)) == 1
    assert spooled(crawl) == []


def test_the_depositor_keeps_the_order_after_a_failure(crawl: Crawl) -> None:
    failing = Failing(crawl.stores.objects, failures=1)
    digests: list[str] = []
    depositor = Depositor(replace(crawl.stores, objects=failing), deposited=digests.extend)
    depositor.put(crawl.seal(page("/0", b"0")))
    failing.tried.acquire()  # the first segment has failed, or is about to
    depositor.put(crawl.seal(page("/1", b"0")))
    depositor.put(crawl.seal(page("/2", b"2")))
    depositor.close()
    in_order = sorted(crawl.rows(captures), key=lambda row: row["url"])
    assert digests == [row["digest"] for row in in_order]
    assert [row["revisit_of"] is not None for row in in_order] == [False, True, False]
    assert spooled(crawl) == []


def test_the_depositor_tells_at_the_end_what_it_could_not_deposit(crawl: Crawl) -> None:
    sealed = [crawl.seal(page(path, path.encode())) for path in ("/a", "/b")]
    depositor = Depositor(
        replace(crawl.stores, objects=Failing(crawl.stores.objects, failures=99)), deposited=lambda _: None
    )
    for path in sealed:
        depositor.put(path)
    with pytest.raises(StoreUnreachable, match="the store is away"):
        depositor.close()
    assert {path.name for path in sealed} <= {*spooled(crawl)}
    assert crawl.rows(captures) == []

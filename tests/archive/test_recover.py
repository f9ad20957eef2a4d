"""Recover: from every state that a crash can leave, the same archive (I4)."""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.capture.manifest import decode_manifest
from archive.capture.segment import lock_writer, object_key
from archive.deposit import deposit
from archive.errors import StoreUnreachable
from archive.index.schema import captures, publications, segments
from archive.recover import recover, stored_manifests
from archive.stores import Stores
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, HOST, PORTAL, page
from tests.archive.reports.pages import REPORT, html
from tests.archive.test_deposit import Failing, spooled
from tests.conformance.strict import read_strict

REPORT_PAGE = html("松江区财政局2023年政府信息公开工作年度报告", REPORT)
LINKED = html("松江区财政局2023年政府信息公开工作年度报告", REPORT + '<p><a href="1.pdf">附件</a></p>')


def died(crawl: Crawl) -> Stores:
    """The writer's process is gone, and its lock with it."""
    crawl.writer.close()
    return crawl.stores


def described(sealed: Path, stores: Stores, *, failures: int) -> None:
    """Deposits, with a store that goes away after so many puts."""
    with pytest.raises(StoreUnreachable):
        deposit(sealed, replace(stores, objects=AwayAfter(stores.objects, failures=failures)), now=lambda: AT)


class AwayAfter(Failing):
    def put(self, key: str, path: Path, *, sha256: str) -> None:
        if self.failures == 0:
            raise StoreUnreachable("the store is away")
        self.failures -= 1
        self.store.put(key, path, sha256=sha256)


def sealed_only(sealed: Path, stores: Stores) -> None:
    pass


def with_cdxj(sealed: Path, stores: Stores) -> None:
    described(sealed, stores, failures=0)
    Path(str(sealed).replace(".warc.gz", ".json")).unlink()


def half_a_cdxj(sealed: Path, stores: Stores) -> None:
    Path(str(sealed).replace(".warc.gz", ".cdxj.part")).write_bytes(b"half")


def with_manifest(sealed: Path, stores: Stores) -> None:
    described(sealed, stores, failures=0)


def one_object(sealed: Path, stores: Stores) -> None:
    described(sealed, stores, failures=1)


def two_objects(sealed: Path, stores: Stores) -> None:
    described(sealed, stores, failures=2)


def all_objects(sealed: Path, stores: Stores) -> None:
    described(sealed, stores, failures=2)
    manifest = Path(str(sealed).replace(".warc.gz", ".json"))
    shutil.copyfile(manifest, manifest.parents[1] / "objects" / object_key(manifest.stem, ".json"))


def ingested(sealed: Path, stores: Stores) -> None:
    described(sealed, stores, failures=0)
    beside = [path for path in stores.spool.iterdir() if path.suffix != ".lock"]
    copies = {path: path.read_bytes() for path in beside}
    deposit(sealed, stores)
    for path, data in copies.items():
        path.write_bytes(data)


def left_over(sealed: Path, stores: Stores) -> None:
    ingested(sealed, stores)
    sealed.unlink()


STATES = [sealed_only, with_cdxj, half_a_cdxj, with_manifest, one_object, two_objects, all_objects, ingested, left_over]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_state_on_disk_ends_as_a_whole_deposit(crawl: Crawl, state: Callable[[Path, Stores], None]) -> None:
    sealed = crawl.seal(page("/1.html", REPORT_PAGE), page("/2", b"<p>"))
    data, name = sealed.read_bytes(), sealed.name.removesuffix(".warc.gz")
    state(sealed, crawl.stores)
    assert recover(died(crawl), now=lambda: AT).alive == 0
    assert [path.name for path in crawl.stores.spool.iterdir()] == []
    keys = [object_key(name, suffix) for suffix in (".cdxj", ".json", ".warc.gz")]
    assert list(crawl.stores.objects.keys()) == keys
    with crawl.stores.objects.open(keys[2]) as stored:
        assert stored.read() == data
    assert [len(crawl.rows(table)) for table in (segments, captures, publications)] == [1, 2, 1]
    assert len(crawl.messages()) == 1


def test_recovering_again_finds_nothing_to_do(crawl: Crawl) -> None:
    crawl.seal(page("/a", b"<p>"))
    assert recover(died(crawl)).segments == 1
    assert recover(crawl.stores).segments == 0


def torn(crawl: Crawl, end: int | None = None) -> Path:
    """An open segment of four captures, cut at a byte, whose writer died."""
    for number in range(4):
        crawl.writer.append(page(f"/{number}", random.Random(number).randbytes(300), facts={**PORTAL, "run": "r1"}))
    (path,) = crawl.stores.spool.glob("*.open")
    data = path.read_bytes()[:end]
    crawl.writer.close()
    (sealed,) = crawl.stores.spool.glob("*.warc.gz")
    sealed.unlink()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("seed", range(6))
def test_a_torn_segment_is_cut_to_its_whole_captures_and_closed(crawl: Crawl, seed: int, tmp_path: Path) -> None:
    path = torn(crawl)
    whole = read_strict(path)
    cut = random.Random(seed).randrange(whole[1].offset, path.stat().st_size)
    path.write_bytes(path.read_bytes()[:cut])
    kept = [record.id for record in whole if record.type == "metadata" and record.offset + record.length <= cut]
    assert recover(crawl.stores).segments == 1
    (manifest,) = stored_manifests(crawl.stores)
    *records, note = read_strict(tmp_path / "objects" / manifest.object)
    assert [record.id for record in records if record.type == "metadata"] == kept
    assert note.block == b"run: r1\r\noutcome: lost\r\nportals: songjiang copies\r\n"
    assert len(crawl.rows(captures)) == len(kept)


def test_a_segment_without_a_whole_warcinfo_is_nothing(crawl: Crawl) -> None:
    torn(crawl, end=100)
    assert recover(crawl.stores).segments == 0
    assert (spooled(crawl), crawl.rows(segments)) == ([], [])


def test_reports_that_waited_for_a_lost_run_wait_no_longer(crawl: Crawl) -> None:
    crawl.keep(page("/1.html", LINKED))
    assert crawl.messages() == []
    torn(crawl)
    recover(crawl.stores)
    assert [message["subject"] for message in crawl.messages()] == [f"{HOST}/1.html"]


def test_a_living_writers_files_are_its_own(crawl: Crawl) -> None:
    sealed = crawl.seal(page("/a", b"<p>"))
    crawl.writer.append(page("/b", b"<b>"))
    before = {path: path.read_bytes() for path in crawl.stores.spool.iterdir()}
    found = recover(crawl.stores)
    assert (found.segments, found.alive) == (0, 1)
    assert {path: path.read_bytes() for path in crawl.stores.spool.iterdir()} == before
    assert sealed in before


def test_a_recovery_under_way_is_left_to_itself(crawl: Crawl) -> None:
    sealed = crawl.seal(page("/a", b"<p>"))
    died(crawl)
    with lock_writer(crawl.stores.spool, "test-1"):
        assert recover(crawl.stores).alive == 1
        assert sealed.exists()


def test_segments_of_one_writer_are_recovered_in_their_order(crawl: Crawl) -> None:
    for _ in range(3):
        crawl.seal(page("/a", b"<p>"))
    recover(died(crawl))
    rows = crawl.rows(captures)
    assert len(rows) == 3
    assert {row["revisit_of"] for row in rows} == {None, crawl.appended[0].record_id}
    manifests = [decode_manifest(manifest.encode()) for manifest in stored_manifests(crawl.stores)]
    assert [manifest.previous is None for manifest in manifests] == [True, False, False]

"""Deduplication: the same payload again is a revisit of its first whole response (I6)."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.capture.dedup import Dedup
from archive.capture.exchange import Original, RecordId
from archive.capture.records import sha256
from archive.capture.writer import SegmentWriter
from tests.archive.exchanges import exchange, page
from tests.conformance.strict import StrictRecord, read_strict

STORED = Original(record_id=RecordId("<urn:uuid:9>"), url="https://a.cn/", date="2023", payload_digest=sha256([b"old"]))


@pytest.fixture
def sealed() -> list[Path]:
    return []


@pytest.fixture
def writer(tmp_path: Path, sealed: list[Path]) -> Iterator[SegmentWriter]:
    dedup = Dedup({STORED.payload_digest: STORED}.get)
    with closing(SegmentWriter(spool=tmp_path, on_sealed=sealed.append, writer="1", dedup=dedup)) as writer:
        yield writer


def captures(writer: SegmentWriter, sealed: list[Path]) -> list[StrictRecord]:
    writer.seal()
    return [record for record in read_strict(sealed[-1]) if record.type in {"response", "revisit"}]


def test_the_same_payload_at_another_url_is_a_revisit(writer: SegmentWriter, sealed: list[Path]) -> None:
    writer.append(page("/a", b"<p>"))
    assert writer.append(page("/b", b"<p>")).revisit
    first, again = captures(writer, sealed)
    assert (again.get("WARC-Refers-To"), again.get("WARC-Refers-To-Target-URI")) == (
        first.id,
        "https://www.songjiang.gov.cn/a",
    )


def test_a_third_copy_points_at_the_response_not_at_the_revisit(writer: SegmentWriter, sealed: list[Path]) -> None:
    for path in ("/a", "/b", "/c"):
        writer.append(page(path, b"<p>"))
    first, *again = captures(writer, sealed)
    assert {record.get("WARC-Refers-To") for record in again} == {first.id}


def test_a_stored_payload_is_a_revisit_too(writer: SegmentWriter) -> None:
    assert writer.append(page("/a", b"old")).revisit


@pytest.mark.parametrize("body", [b"", b"<p>"])
def test_truncated_and_empty_payloads_are_never_deduplicated(writer: SegmentWriter, body: bytes) -> None:
    cut = "length" if body else None
    assert not any(writer.append(page("/a", body, truncated=cut)).revisit for _ in range(3))


def test_a_whole_payload_is_no_revisit_of_a_truncated_one(writer: SegmentWriter) -> None:
    writer.append(page("/a", b"<p>", truncated="length"))
    assert not writer.append(page("/a", b"<p>")).revisit
    assert not writer.append(page("/a", b"<p>", truncated="length")).revisit


def test_a_304_is_a_revisit_of_what_was_asked_about(writer: SegmentWriter) -> None:
    assert writer.append(exchange("/a", status=304, not_modified_of=STORED)).revisit


def test_a_capture_that_failed_is_no_original(writer: SegmentWriter) -> None:
    broken = page("/a", b"<p>")
    broken.response.close()
    with pytest.raises(ValueError, match="closed file"):
        writer.append(broken)
    assert not writer.append(page("/b", b"<p>")).revisit


def test_ingested_payloads_are_the_catalogs_to_know() -> None:
    dedup = Dedup()
    dedup.remember(STORED)
    assert dedup.original_of(page("/a", b"old")) == STORED
    dedup.forget_ingested({STORED.payload_digest})
    assert dedup.original_of(page("/a", b"old")) is None

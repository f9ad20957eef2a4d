"""Segments of a crawl, as FastWARC, pywb's indexer, a strict reader of our own and the product's commands read them.

pywb runs as its own process: it is never imported.
"""

import gzip
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from tests.conformance.conftest import Crawled
from tests.conformance.misbehaving import payload
from tests.conformance.saving import nianbao, registry, save, script
from tests.conformance.site import site

GBK = '<meta charset="gbk"><title>2023年政府信息公开工作年度报告</title>'.encode("gbk")
HTML = {"Content-Type": "text/html"}


def test_a_strict_reader_takes_every_segment(crawled: Crawled) -> None:
    assert len(crawled.saved.segments) > 1
    assert len(crawled.saved.captures) == len(crawled.server.journal)


def test_fastwarc_verifies_every_block(crawled: Crawled) -> None:
    for segment, records in crawled.saved.segments.items():
        with segment.open("rb") as stream:
            read = [record.record_id for record in ArchiveIterator(stream, parse_http=False, verify_digests=True)]
        assert read == [record.id for record in records]


def test_fastwarc_verifies_every_payload_it_can_find(crawled: Crawled) -> None:
    # It digests chunks with their framing, and wants CRLF after the head.
    unfound = {path for path in crawled.server.pages if "chunk" in path or path == "/lf-only"}
    found = {}
    for segment in crawled.saved.segments:
        with segment.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                path = record.headers["WARC-Target-URI"].removeprefix(crawled.server.url(""))
                found[path] = record.verify_payload_digest()
    assert {path for path, verified in found.items() if not verified} == unfound
    assert found.keys() == {*crawled.server.pages}


def test_stored_index_lines_are_those_of_pywb(crawled: Crawled) -> None:
    for segment in crawled.saved.segments:
        indexed = subprocess.run([script("cdx-indexer"), "-j", "-s", segment], capture_output=True, check=True)
        assert indexed.stderr == b""
        assert indexed.stdout == _index_beside(segment)


def _index_beside(segment: Path) -> bytes:
    return segment.with_name(segment.name.replace(".warc.gz", ".cdxj")).read_bytes()


def test_cdx_prints_the_stored_lines(crawled: Crawled) -> None:
    stored = b"".join(_index_beside(segment) for segment in crawled.saved.segments).splitlines()
    every = nianbao(crawled.saved.home, "cdx", "--match", "host", crawled.server.url("/"))
    assert sorted(every.stdout.splitlines()) == sorted(stored)
    one = nianbao(crawled.saved.home, "cdx", crawled.server.url("/500"))
    url = f'"{crawled.server.url("/500")}"'.encode()
    assert sorted(one.stdout.splitlines()) == sorted(line for line in stored if url in line)


@pytest.mark.parametrize(
    ("path", "decode"),
    [
        ("/gzip", gzip.decompress),
        ("/gzip-not", bytes),
        ("/deflate", zlib.decompress),
        ("/chunked", bytes),
        ("/chunked-extensions", bytes),
        ("/chunked-gzip", gzip.decompress),
        ("/header-gbk", bytes),
        ("/lf-only", bytes),
        ("/early-hints", bytes),
        ("/500", bytes),
        ("/cut-chunk", bytes),
        ("/big", bytes),
    ],
)
def test_get_gives_the_entity_that_was_sent(crawled: Crawled, path: str, decode: Callable[[bytes], bytes]) -> None:
    last = crawled.of(path)[-1]
    got = nianbao(crawled.saved.home, "get", crawled.server.url(path))
    assert (got.stdout, got.stderr) == (decode(payload(last.exchange.sent)), b"")


def test_get_raw_gives_the_block_as_it_stands(crawled: Crawled) -> None:
    for path in ("/chunked-gzip", "/500"):
        got = nianbao(crawled.saved.home, "get", "--raw", crawled.server.url(path))
        assert got.stdout == crawled.of(path)[-1].capture.record.block


def test_get_leaves_the_charset_alone_and_follows_revisits(tmp_path: Path) -> None:
    with site({"/gbk": (200, HTML, GBK), "/again": (200, HTML, GBK)}) as serving:
        portals = registry(tmp_path, serving.url("/"), concurrency=1)
        saved = save(tmp_path / "var", portals, [serving.url("/gbk"), serving.url("/again")])
        assert [capture.record.type for capture in saved.captures] == ["response", "response", "revisit"]
        for path in ("/gbk", "/again"):
            assert nianbao(saved.home, "get", serving.url(path)).stdout == GBK

"""The wire is the truth (I2): what the archive keeps of a crawl is what a misbehaving server received and sent."""

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from tests.conformance.conftest import Crawled
from tests.conformance.misbehaving import MisbehavingServer, payload
from tests.conformance.saving import Capture, Saved, ask, pair, peak_memory, registry, save
from tests.conformance.site import site

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
BIG = 200 << 20
ROOM = 500
BODY = {"GET": "", "HEAD": "", "POST": "标题=年度报告&正文"}


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@pytest.mark.parametrize("path", MisbehavingServer.pages)
def test_blocks_are_what_the_server_received_and_sent(crawled: Crawled, path: str) -> None:
    for kept in crawled.of(path):
        assert kept.capture.request.block == kept.exchange.received
        assert kept.capture.message == kept.expected


@pytest.mark.parametrize("path", MisbehavingServer.pages)
def test_payload_digests_are_those_of_an_independent_reading(crawled: Crawled, path: str) -> None:
    for kept in crawled.of(path):
        assert kept.capture.record.get("WARC-Payload-Digest") == sha256(payload(kept.exchange.sent))


@pytest.mark.parametrize("path", ["/continue", "/early-hints"])
def test_interim_responses_stand_in_the_metadata_alone(crawled: Crawled, path: str) -> None:
    [kept] = crawled.of(path)
    assert kept.exchange.interim
    assert kept.capture.message.startswith(kept.exchange.interim)
    assert kept.capture.record.block.startswith(b"HTTP/1.1 200 OK\r\n")


def test_surplus_is_no_part_of_the_response(crawled: Crawled) -> None:
    [kept] = crawled.of("/surplus")
    assert kept.exchange.surplus
    assert kept.exchange.surplus not in kept.capture.record.block


@pytest.mark.parametrize("path", MisbehavingServer.pages_cut)
def test_every_try_of_a_broken_page_is_kept_as_disconnected(crawled: Crawled, path: str) -> None:
    tries = [kept.capture.record for kept in crawled.of(path)]
    assert [record.get("WARC-Truncated") for record in tries] == ["disconnect"] * 3
    assert [problem["kind"] for problem in crawled.saved.problems if problem["url"].endswith(path)] == ["truncated"]


def test_whole_responses_are_not_called_truncated(crawled: Crawled) -> None:
    responses = [kept for kept in crawled.pairs if kept.capture.record.type == "response"]
    cut = {kept.exchange.path for kept in responses if kept.capture.record.get("WARC-Truncated")}
    assert cut == {*MisbehavingServer.pages_cut}


def test_a_repeated_payload_is_a_revisit_of_the_first(crawled: Crawled) -> None:
    for path in ("/500", "/503", "/robots.txt"):
        original, *revisits = [kept.capture.record for kept in crawled.of(path)]
        assert revisits
        assert original.type == "response"
        for revisit in revisits:
            assert (revisit.type, revisit.get("WARC-Profile")) == ("revisit", IDENTICAL)
            assert revisit.get("WARC-Refers-To") == original.id
            assert revisit.get("WARC-Payload-Digest") == original.get("WARC-Payload-Digest")


def test_kept_alive_connections_carry_several_exchanges(crawled: Crawled) -> None:
    assert max(Counter(kept.exchange.connection for kept in crawled.pairs).values()) > 2


def test_records_name_address_protocols_and_cipher(crawled: Crawled) -> None:
    for kept in crawled.pairs:
        for record in (kept.capture.request, kept.capture.record):
            http, *tls = record.all("WARC-Protocol")
            assert (record.get("WARC-IP-Address"), http) == ("127.0.0.1", "http/1.1")
            assert bool(tls) == bool(record.get("WARC-Cipher-Suite")) == kept.exchange.tls
            assert all(re.fullmatch(r"tls/1\.[23]", protocol) for protocol in tls)


def test_other_methods_are_kept_over_one_connection(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        asked = [("HEAD", "/gzip"), ("HEAD", "/chunked"), ("POST", "/plain"), ("GET", "/plain"), ("HEAD", "/drip")]
        requests = [{"method": method, "url": server.url(path), "body": BODY[method]} for method, path in asked]
        saved = ask(tmp_path / "var", registry(tmp_path, server.url("/"), concurrency=1), requests)
        pairs = pair(saved.captures, server.journal)
    assert [kept.capture.message for kept in pairs] == [kept.expected for kept in pairs]
    # One after the other, robots.txt before them.
    assert [kept.exchange.path for kept in pairs] == ["/robots.txt", *(path for _, path in asked)]
    assert {kept.exchange.connection for kept in pairs} == {1}
    assert [kept.exchange.received.endswith("正文".encode()) for kept in pairs] == [False] * 3 + [True] + [False] * 2


def test_a_request_sent_again_over_a_fresh_connection_is_kept_once(tmp_path: Path) -> None:
    with site({"/": (200, {"Content-Type": "text/html"}, b"<title>home</title>")}, forgetful=True) as home:
        saved = save(tmp_path / "var", registry(tmp_path, home.url("/")), [home.url("/")])
        assert home.asked == ["/robots.txt", "/", "/"]
    assert [capture.request.block.count(b" HTTP/1.1\r\n") for capture in saved.captures] == [1, 1]
    assert saved.captures[-1].record.block.endswith(b"\r\n\r\n<title>home</title>")


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MisbehavingServer, Saved]]:
    """A crawl with three seconds' patience and room for 500 bytes, over the pages that need such limits."""
    folder = tmp_path_factory.mktemp("limited")
    with MisbehavingServer(drip_seconds=0.2) as server:
        paths = ["/drip", "/endless", "/big", "/chunked-bytewise", "/empty", *server.pages_failing]
        limits = {"DOWNLOAD_TIMEOUT": 3, "DOWNLOAD_MAXSIZE": ROOM, "RETRY_TIMES": 0}
        requests = [{"url": server.url(path)} for path in paths]
        yield server, ask(folder / "var", registry(folder, server.url("/")), requests, **limits)


@pytest.mark.parametrize(
    ("path", "why", "least"),
    [("/drip", "time", 1), *((path, "length", ROOM) for path in ("/endless", "/big", "/chunked-bytewise"))],
)
def test_what_a_limit_cut_is_a_beginning_of_what_was_sent(
    limited: tuple[MisbehavingServer, Saved], path: str, why: str, least: int
) -> None:
    server, saved = limited
    [exchange] = [exchange for exchange in server.journal if exchange.path == path]
    [capture] = _captures_of(saved, server.url(path))
    body = payload(capture.record.block)
    assert capture.record.get("WARC-Truncated") == why
    assert exchange.sent.startswith(capture.record.block)
    assert len(body) > least
    assert capture.record.get("WARC-Payload-Digest") == sha256(body)


def test_all_that_came_in_time_is_kept(limited: tuple[MisbehavingServer, Saved]) -> None:
    server, saved = limited
    [exchange] = [exchange for exchange in server.journal if exchange.path == "/drip"]
    [capture] = _captures_of(saved, server.url("/drip"))
    # A byte or two more may have left the server before it learnt that nobody listens.
    assert len(exchange.sent) - len(capture.record.block) <= 3


@pytest.mark.parametrize("path", MisbehavingServer.pages_failing)
def test_no_message_is_a_problem_and_no_capture(limited: tuple[MisbehavingServer, Saved], path: str) -> None:
    server, saved = limited
    assert path in {exchange.path for exchange in server.journal}
    assert not _captures_of(saved, server.url(path))
    assert [row["kind"] for row in saved.problems if row["url"] == server.url(path)] == ["unreachable"]


def test_failing_pages_leave_the_others_alone(limited: tuple[MisbehavingServer, Saved]) -> None:
    server, saved = limited
    [capture] = _captures_of(saved, server.url("/empty"))
    assert not capture.record.get("WARC-Truncated")


def _captures_of(saved: Saved, url: str) -> list[Capture]:
    return [capture for capture in saved.captures if capture.record.get("WARC-Target-URI") == url]


def test_a_large_body_is_kept_whole_in_bounded_memory(tmp_path: Path) -> None:
    with MisbehavingServer(big_bytes=BIG) as server:
        portals = registry(tmp_path, server.url("/"))
        peak = peak_memory(tmp_path / "var", "save", "--portals", str(portals), server.url("/big"))
        [sent] = [exchange for exchange in server.journal if exchange.path == "/big"]
    assert sent.length > BIG
    assert peak < 0.85 * BIG  # what the program itself needs, which is most of it
    [segment] = (tmp_path / "var").glob("objects/warc/**/*.warc.gz")
    with segment.open("rb") as stream:
        digests = {
            record.headers["WARC-Block-Digest"]: record.verify_block_digest()
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=False)
        }
    assert digests[f"sha256:{sent.sha256}"]


def test_a_page_that_inflates_without_end_is_kept_and_not_read(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(80 << 20))
    coded = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    with site({"/robots.txt": (404, {}, b""), "/": (200, coded, bomb)}) as home:
        saved = save(tmp_path / "var", registry(tmp_path, home.url("/")), [home.url("/")])
    (problem,) = saved.problems
    assert (problem["kind"], problem["url"]) == ("ignored", home.url("/"))
    digest = f"sha256:{hashlib.sha256(bomb).hexdigest()}"
    assert digest in {capture.record.get("WARC-Payload-Digest") for capture in saved.captures}

"""A transcript is a sound HTTP message, whatever the browser had undone, and says what it was."""

from pathlib import Path
from typing import Any

import pytest

from archive.capture.exchange import Exchange
from crawler.fetching.doorway import Doorway
from crawler.fetching.hop import Hop
from crawler.fetching.transcript import exchange_of

HEAD = "HTTP/1.1 200 Okay\r\nserver: x\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n"


def hop(raw: dict[str, Any], *, body: bytes | None = b"<p>", method: str = "GET", **asked: Any) -> Hop:
    request = {"url": "https://a.cn/list?b=1&a", "method": method, "headers": {"Accept": "*/*"}, **asked}
    answer = {"protocol": "h2", "statusText": "", "securityDetails": {"protocol": "TLS 1.3"}}
    parts = {"kind": "Document", "main": True, "at": 0.5, "started": 10.0, "ended": 10.25}
    return Hop(asked=request, raw_answer={"statusCode": 200, **raw}, answer=answer, body=body, **parts)


def exchange(of: Hop, tmp_path: Path) -> tuple[Exchange, bytes]:
    made = exchange_of(of, browser="Chromium/1", spool=tmp_path, doorway=Doorway(allow_private=False))
    with made.response:
        return made, b"".join(made.response_chunks())


def test_a_head_of_the_wire_is_kept_as_it_is(tmp_path: Path) -> None:
    head = f"{HEAD}Content-Length: 3\r\n\r\n"
    made, block = exchange(hop({"headersText": head}), tmp_path)
    assert block == head.encode() + b"<p>"
    assert (made.status, made.milliseconds, made.payload_length) == (200, 250, 3)
    assert made.facts == {"fetchedBy": "browser", "browser": "Chromium/1", "undoneCoding": ""}


@pytest.mark.parametrize("coding", ["Content-Encoding: gzip\r\nContent-Length: 9", "Transfer-Encoding: chunked"])
def test_fields_of_a_coded_body_are_renamed_and_its_length_is_true(tmp_path: Path, coding: str) -> None:
    made, block = exchange(hop({"headersText": f"{HEAD}{coding}\r\n\r\n"}), tmp_path)
    renamed = "\r\n".join(f"X-Archive-Orig-{line}" for line in coding.split("\r\n"))
    assert block.decode() == f"{HEAD}{renamed}\r\nContent-Length: 3\r\n\r\n<p>"
    assert made.facts["undoneCoding"] == coding.partition(": ")[2].partition("\r\n")[0]


def test_fields_of_http_2_are_written_as_http_1_would(tmp_path: Path) -> None:
    made, block = exchange(hop({"headers": {"content-length": "3", "set-cookie": "a=1\nb=2"}}), tmp_path)
    assert block == b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\n<p>"
    assert made.protocols == ("h2", "tls/1.3")
    assert made.request == b"GET /list?b=1&a HTTP/1.1\r\nHost: a.cn\r\nAccept: */*\r\n\r\n"


def test_a_body_that_the_browser_could_not_give_is_said_to_be_missing(tmp_path: Path) -> None:
    made, block = exchange(hop({"headersText": f"{HEAD}Content-Length: 9\r\n\r\n"}, body=None), tmp_path)
    assert made.truncated == "unspecified"
    assert block.endswith(b"X-Archive-Orig-Content-Length: 9\r\nContent-Length: 0\r\n\r\n")


def test_a_head_request_keeps_the_length_that_it_asked_for(tmp_path: Path) -> None:
    made, block = exchange(hop({"headersText": f"{HEAD}Content-Length: 9\r\n\r\n"}, body=None, method="HEAD"), tmp_path)
    assert (made.truncated, block) == (None, f"{HEAD}Content-Length: 9\r\n\r\n".encode())


def test_what_was_posted_is_part_of_the_request(tmp_path: Path) -> None:
    posted = {"postDataEntries": [{"bytes": "YT0x"}, {"bytes": "JmI9Mg=="}]}
    made, _ = exchange(hop({"headersText": f"{HEAD}Content-Length: 3\r\n\r\n"}, method="POST", **posted), tmp_path)
    assert made.request.endswith(b"\r\n\r\na=1&b=2")

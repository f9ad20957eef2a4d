"""Composing: which records an exchange becomes, and that no value can break out of its line."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import compose
from archive.capture.exchange import Exchange, Original, RecordId
from archive.capture.records import sha256
from tests.archive.exchanges import AT, exchange, page

ID = RecordId("<urn:uuid:1>")
OTHER = RecordId("<urn:uuid:2>")
ORIGINAL = Original(
    record_id=OTHER, url="https://a.cn/1", date="2024-01-01T00:00:00.000001Z", payload_digest=sha256([b"x"])
)


def composed(of: Exchange, original: Original | None = None) -> dict[str, tuple[dict[str, str], bytes]]:
    records = compose.capture(of, original, ID, lambda: OTHER)
    return {dict(headers)["WARC-Type"]: (dict(headers), b"".join(block)) for headers, block in records}


def test_a_response_stands_as_it_was_sent() -> None:
    of = page("/a", b"<p>", sent=b"3\r\n<p>\r\n0\r\n\r\n")
    headers, block = composed(of)["response"]
    assert block == b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n3\r\n<p>\r\n0\r\n\r\n"
    assert (headers["WARC-Payload-Digest"], headers["WARC-Block-Digest"]) == (sha256([b"<p>"]), sha256([block]))
    assert "WARC-Truncated" not in headers


def test_a_truncated_response_says_why() -> None:
    assert composed(page("/a", b"<p", truncated="time"))["response"][0]["WARC-Truncated"] == "time"


def test_a_repeated_payload_is_left_out_and_named() -> None:
    headers, block = composed(page("/a", b"x"), ORIGINAL)["revisit"]
    assert block == b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    assert {name: value for name, value in headers.items() if "Refers" in name or "Pro" in name or "Trunc" in name} == {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": "<urn:uuid:2>",
        "WARC-Refers-To-Target-URI": "https://a.cn/1",
        "WARC-Refers-To-Date": "2024-01-01T00:00:00.000001Z",
        "WARC-Protocol": "http/1.1",
        "WARC-Truncated": "length",
    }


def test_a_304_refers_to_what_was_not_modified_and_cuts_nothing_off() -> None:
    headers, block = composed(exchange("/a", status=304, not_modified_of=ORIGINAL), ORIGINAL)["revisit"]
    assert headers["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert headers["WARC-Payload-Digest"] == ORIGINAL.payload_digest
    assert block == b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert "WARC-Truncated" not in headers


def test_interim_responses_are_kept_beside_the_response() -> None:
    records = composed(page("/a", b"<p>", interim=b"HTTP/1.1 103 Early Hints\r\n\r\n"))
    assert records["response"][1].startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"interimResponse: SFRUUC8xLjEgMTAzIEVhcmx5IEhpbnRzDQoNCg==\r\n" in records["metadata"][1]


@pytest.mark.parametrize("breaking", ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_an_anchor_text_cannot_become_a_field_of_its_own(breaking: str) -> None:
    facts = {"anchor": f"年报{breaking}portal: pudong", "portal": "songjiang"}
    fields = compose.read_fields(composed(page("/a", b"<p>", facts=facts))["metadata"][1])
    assert (fields["anchor"], fields["portal"]) == ("年报 portal: pudong", "songjiang")


@given(st.dictionaries(st.from_regex(r"[a-zA-Z]{1,9}", fullmatch=True), st.text(st.characters(codec="utf-8"))))
def test_fields_are_read_as_they_were_written_but_for_white_space(fields: dict[str, str]) -> None:
    folded = {name: " ".join(value.replace("\0", " ").split()) for name, value in fields.items()}
    read = compose.read_fields(compose.warc_fields(fields.items()))
    assert read == {name: value for name, value in folded.items() if value}


def test_dates_have_microseconds_even_where_there_are_none() -> None:
    assert compose.warc_date(AT.replace(microsecond=0) + timedelta(hours=1)) == "2024-01-20T03:03:04.000000Z"


def test_a_run_note_names_its_run() -> None:
    headers, block = compose.run_note("r1", [("outcome", "finished")], at=AT, record_id=ID)
    assert dict(headers)["WARC-Target-URI"] == "urn:nianbao:run:r1"
    assert b"".join(block) == b"run: r1\r\noutcome: finished\r\n"

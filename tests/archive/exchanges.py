"""Exchanges as the crawler would hand them to the archive, made without a network."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from archive.capture.exchange import Exchange, Original, Truncation
from archive.capture.records import sha256

AT = datetime(2024, 1, 20, 2, 3, 4, 567890, UTC)
HOST = "https://www.songjiang.gov.cn"
PORTAL = {"portal": "songjiang", "portalName": "上海市松江区人民政府", "run": "r1"}
AGGREGATOR = {"portal": "copies", "portalName": "采招网", "aggregator": "true", "run": "r1"}


def exchange(
    path: str,
    body: bytes = b"",
    *headers: str,
    status: int = 200,
    at: datetime = AT,
    sent: bytes | None = None,
    interim: bytes = b"",
    truncated: Truncation | None = None,
    not_modified_of: Original | None = None,
    facts: Mapping[str, str] = PORTAL,
) -> Exchange:
    """`body` is the payload, `sent` its transfer-coded form where that differs."""
    url = path if "://" in path else f"{HOST}{path}"
    lines = (f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *headers)
    response = "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + (body if sent is None else sent)
    return Exchange(
        url=url,
        at=at,
        status=status,
        request=f"GET {path} HTTP/1.1\r\nHost: www.songjiang.gov.cn\r\n\r\n".encode(),
        response=io.BytesIO(interim + response),
        response_start=len(interim),
        response_length=len(response),
        interim=interim,
        payload_digest=sha256([body]),
        payload_length=len(body),
        truncated=truncated,
        ip_address="192.0.2.7",
        milliseconds=42,
        not_modified_of=not_modified_of,
        facts=facts,
    )


def page(path: str, body: bytes, **more: object) -> Exchange:
    return exchange(path, body, "Content-Type: text/html; charset=utf-8", **more)


def pdf(path: str, body: bytes = b"%PDF-1.4", **more: object) -> Exchange:
    return exchange(path, body, "Content-Type: application/pdf", **more)

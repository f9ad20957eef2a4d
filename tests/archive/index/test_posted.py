"""A posted request's key is the one that pywb asks for."""

import json
import subprocess
import sys

import pytest

from archive.index.posted import url_with_body

FORM, JSON, TEXT = "application/x-www-form-urlencoded; charset=UTF-8", "application/json", "text/plain;charset=UTF-8"
URL = "http://example.com/list"
PYWB = """import io, json, sys
from pywb.warcserver.inputrequest import MethodQueryCanonicalizer
method, kind, body, url = json.load(sys.stdin)
data = body.encode("latin-1")
print(json.dumps(MethodQueryCanonicalizer(method, kind, len(data), io.BytesIO(data)).append_query(url)))
"""
CASES = [
    ("POST", FORM, "page=2&size=14&tag=%E4%BF%A1%E6%81%AF+x"),
    ("POST", FORM, "q=\xff"),
    ("POST", JSON, '{"page": 2, "in": {"page": 3.0, "x": [true, null, 1.5, "a&b"]}, "page.2_": "odd"}'),
    ("POST", JSON, "no json"),
    ("POST", TEXT, '{"a": "b"}'),
    ("POST", TEXT, "plain"),
    ("PUT", "application/octet-stream", "\x00\x01"),
    ("POST", FORM, ""),
    ("POST", FORM, "long=" + "x" * 5000),
]


def posted(method: str, kind: str, body: str) -> bytes:
    return f"{method} /list HTTP/1.1\r\nHost: example.com\r\nContent-Type: {kind}\r\n\r\n{body}".encode("latin-1")


@pytest.mark.parametrize("url", [URL, f"{URL}?a=1"])
@pytest.mark.parametrize(("method", "kind", "body"), CASES)
def test_a_body_is_written_as_pywb_writes_it(method: str, kind: str, body: str, url: str) -> None:
    asked = json.dumps([method, kind, body, url])
    command = [sys.executable, "-W", "ignore", "-c", PYWB]
    told = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    assert url_with_body(url, posted(method, kind, body)) == json.loads(told.stdout)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_posts_nothing_keeps_its_url(method: str) -> None:
    assert url_with_body(URL, posted(method, FORM, "")) == URL

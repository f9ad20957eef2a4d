"""Segments are served whole and by range, out of either object store; a store that does not answer is said."""

import hashlib
import threading
import time
from pathlib import Path

import pytest
import urllib3

from archive.access.listening import Ends, address, bound, serving
from archive.access.server import make_app
from archive.capture.segment import object_key
from archive.storage.s3 import Bucket
from archive.stores import Stores
from tests.archive.crawl import Crawl
from tests.archive.exchanges import page
from tests.services import free_ports

NAME = "NIANBAO-20240120020304-00001-host-1"
DATA = bytes(range(256)) * 1000


def keep(stores: Stores, data: bytes) -> str:
    """The store alone: the server asks it, and not the catalog, for a segment's bytes."""
    path = stores.spool / "sealed"
    path.write_bytes(data)
    stores.objects.put(object_key(NAME), path, sha256=hashlib.sha256(data).hexdigest())
    return f"/warc/{NAME}.warc.gz"


def ask(url: str, method: str = "GET", **headers: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request(method, url, headers=headers, retries=False)


def test_a_segment_comes_whole_and_may_be_kept_for_ever(base: str, stores: Stores) -> None:
    url = base + keep(stores, DATA)
    answer = ask(url)
    assert (answer.status, answer.data) == (200, DATA)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (answer.headers["Content-Length"], answer.headers["Accept-Ranges"]) == (str(len(DATA)), "bytes")
    again = ask(url, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.data) == (304, b"")


def test_a_range_is_exactly_the_bytes_asked_for(base: str, stores: Stores) -> None:
    url = base + keep(stores, DATA)
    for header, first, last in (
        ("0-9", 0, 9),
        ("1000-20000", 1000, 20000),
        ("255990-", 255990, 255999),
        ("-7", 255993, 255999),
    ):
        answer = ask(url, Range=f"bytes={header}")
        assert (answer.status, answer.data) == (206, DATA[first : last + 1])
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/256000"
    answer = ask(url, Range="bytes=256000-")
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */256000")


def test_head_says_what_get_would(base: str, stores: Stores) -> None:
    url = base + keep(stores, DATA)
    for headers in ({}, {"Range": "bytes=5-9"}):
        head, get = (ask(url, method, **headers) for method in ("HEAD", "GET"))
        assert head.data == b""
        assert {**head.headers, "date": ""} == {**get.headers, "date": ""}
        assert head.status == get.status


@pytest.mark.parametrize(
    "path",
    [
        f"{NAME.replace('-1', '-2')}.warc.gz",
        "x.warc.gz",
        f"{NAME}.json",
        NAME,
        f"..%2F{NAME}.warc.gz",
        "..%2f..%2fcatalog.db",
        "%2e%2e%2f.warc.gz",
        f"{NAME}%00.warc.gz",
        f"{NAME}%0A.warc.gz",
    ],
)
@pytest.mark.parametrize("stores", ["files"], indirect=True)
def test_what_is_no_segment_of_ours_is_not_found(base: str, stores: Stores, path: str) -> None:
    keep(stores, DATA)
    answer = ask(f"{base}/warc/{path}")
    assert answer.status == 404
    assert len(answer.data.decode().splitlines()) == 1


@pytest.mark.parametrize("stores", ["files"], indirect=True)
def test_a_reader_that_goes_away_leaves_no_file_open(base: str, stores: Stores) -> None:
    url = base + keep(stores, bytes(64 << 20))
    answer = urllib3.request("GET", url, retries=False, preload_content=False)
    assert answer.read(1000)
    assert opened(NAME)
    answer.close()
    deadline = time.monotonic() + 20
    while opened(NAME) and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert not opened(NAME)


def opened(name: str) -> list[str]:
    links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [link for link in links if name in link]


def test_health_is_that_what_the_catalog_lists_is_there(base: str, crawl: Crawl, tmp_path: Path) -> None:
    assert (ask(f"{base}/health").status, ask(f"{base}/health").json()) == (200, {"status": "ok"})
    crawl.keep(page("/a", b"1"))
    assert ask(f"{base}/health").status == 200


@pytest.mark.parametrize("stores", ["files"], indirect=True)
def test_health_names_a_segment_that_is_lost(base: str, crawl: Crawl, tmp_path: Path) -> None:
    key = object_key(crawl.keep(page("/a", b"1")))
    (tmp_path / "objects" / key).unlink()
    answer = ask(f"{base}/health")
    assert (answer.status, answer.data.decode()) == (503, f"{key} is in the catalog and not in the object store\n")


@pytest.mark.parametrize("stores", ["files"], indirect=True)
def test_an_object_store_that_does_not_answer_is_503_in_one_line(stores: Stores) -> None:
    nowhere = f"127.0.0.1:{free_ports(1)[0]}"
    keys = {"access_key": "a", "secret_key": "s", "region": "r"}
    objects = Bucket("gone", endpoint=nowhere, secure=False, attempts=1, **keys)
    gone = Stores(spool=stores.spool, objects=objects, catalog=stores.catalog)
    with bound("127.0.0.1", 0) as door, serving(make_app(gone), door, Ends()):
        for path in ("/health", f"/warc/{NAME}.warc.gz"):
            answer = ask(address(door) + path)
            assert answer.status == 503
            assert answer.data.decode().startswith(f"s3://gone at {nowhere} cannot be reached")
            assert answer.data.count(b"\n") == 1


@pytest.mark.parametrize("stores", ["files"], indirect=True)
def test_a_catalog_that_does_not_answer_is_503_in_one_line(base: str, stores: Stores, tmp_path: Path) -> None:
    stores.catalog.close()
    for path in tmp_path.glob("catalog.db*"):
        path.unlink()
    (tmp_path / "catalog.db").write_bytes(b"no database" * 1000)
    for path in ("/health", "/portals", "/cdx?url=a.cn"):
        answer = ask(base + path)
        assert (answer.status, answer.data.decode()) == (
            503,
            f"catalog sqlite:///{tmp_path}/catalog.db: file is not a database\n",
        )

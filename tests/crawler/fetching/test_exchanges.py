"""What is asked and read as the field needs it: cookies, redirects, codings, and leases that end in between."""

import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conformance.misbehaving import MisbehavingServer
from tests.conformance.saving import LOOPBACK, ask
from tests.conformance.site import Answer, site
from tests.crawler.fetching.walls import HTML, ROBOTS, crawl, kinds, page, registry, verdicts

HOME = "<title>某区</title><p>您访问的页面不存在".encode()
PACKED = {
    "packed and not said": (HTML, gzip.compress(HOME)),
    "packed and said to be deflated": ({**HTML, "Content-Encoding": "deflate"}, gzip.compress(HOME)),
    "packed twice": ({**HTML, "Content-Encoding": "gzip"}, gzip.compress(gzip.compress(HOME))),
    "deflated and said to be packed": ({**HTML, "Content-Encoding": "gzip"}, HOME),
    "deflated": ({**HTML, "Content-Encoding": "deflate"}, zlib.compress(HOME)),
}


@pytest.mark.parametrize("how", PACKED)
def test_a_page_is_read_however_it_was_packed(tmp_path: Path, how: str) -> None:
    headers, body = PACKED[how]
    with site({"/robots.txt": ROBOTS, "/": (200, headers, body)}) as host:
        saved = crawl(tmp_path, registry(tmp_path, host.url("/")), [host.url("/")], cool=0.3)
    assert verdicts(saved) == {"/": "soft-404"}
    assert saved.captures[-1].record.block.endswith(body)


def test_a_packed_file_stays_packed(tmp_path: Path) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    with site({"/robots.txt": ROBOTS, "/a.gz": (200, headers, gzip.compress(HOME))}) as host:
        saved = crawl(tmp_path, registry(tmp_path, host.url("/")), [host.url("/a.gz")], cool=0.3)
    assert (verdicts(saved), kinds(saved)) == ({"/a.gz": "content"}, [])


def cookie_wall(headers: Mapping[str, str]) -> Answer:
    return (
        page("home") if "CT6T=1" in headers.get("Cookie", "") else (302, {"Location": "/", "Set-Cookie": "CT6T=1"}, b"")
    )


def test_a_redirect_to_itself_with_a_cookie_leads_to_the_page(tmp_path: Path) -> None:
    with site({"/robots.txt": ROBOTS, "/": cookie_wall}) as host:
        saved = crawl(tmp_path, registry(tmp_path, host.url("/")), [host.url("/")], cool=0.3)
        assert host.asked == ["/robots.txt", "/", "/"]
    assert (verdicts(saved), kinds(saved)) == ({"/": "content"}, [])


def test_a_redirect_that_never_ends_is_a_problem(tmp_path: Path) -> None:
    with site({"/robots.txt": ROBOTS, "/": (302, {"Location": "/"}, b"")}) as host:
        saved = crawl(tmp_path, registry(tmp_path, host.url("/")), [host.url("/")], cool=0.3)
        assert host.asked == ["/robots.txt", *["/"] * 11]
    assert [(row["kind"], row["detail"]) for row in saved.problems] == [("ignored", "max redirections reached")]


def test_nothing_is_sent_once_the_lease_is_anothers_though_the_connection_was_under_way(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        home = f"http://localhost:{server.port}/"
        saved = ask(
            tmp_path / "var",
            registry(tmp_path, home),
            [{"url": home}],
            bounded=True,
            env={**LOOPBACK, "NIANBAO_LEASE_SECONDS": "1"},
            module="tests.crawler.fetching.taken_lease",
        )
        assert server.connections == 1
        assert server.journal == []
    assert saved.summary["outcome"] == "failed"

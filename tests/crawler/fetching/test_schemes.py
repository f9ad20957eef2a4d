"""Hosts that speak one scheme only: asked in the other once, and from then on in that one."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.misbehaving import MisbehavingServer
from tests.conformance.saving import LOOPBACK, Saved, ask
from tests.crawler.fetching.walls import kinds, registry

HTTP, HTTPS = "http://127.0.0.1", "https://127.0.0.1"


@pytest.fixture
def refusing() -> Iterator[int]:
    """A port that refuses connections, and that nobody else gets."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        yield door.getsockname()[1]


def crawl(folder: Path, urls: list[str], *, http: int, https: int, **settings: object) -> Saved:
    portals = registry(folder, f"{urls[0]}", more='hosts = ["127.0.0.1"]\nconcurrency = 1')
    return ask(
        folder / "var",
        portals,
        [{"url": url} for url in urls],
        bounded=True,
        env={**LOOPBACK, "PORTS": f"80={http},443={https}"},
        module="tests.crawler.fetching.other_ports",
        **settings,
    )


def test_a_host_of_https_only_is_found_from_its_http_address(tmp_path: Path, refusing: int) -> None:
    with MisbehavingServer(tls=True) as server:
        saved = crawl(tmp_path, [f"{HTTP}/plain", f"{HTTP}/gzip"], http=refusing, https=server.port)
        assert sorted(exchange.path for exchange in server.journal) == ["/gzip", "/plain", "/robots.txt"]
    assert sorted(saved.summary["verdicts"]) == [[f"{HTTPS}/gzip", "content"], [f"{HTTPS}/plain", "content"]]
    [problem] = saved.problems
    assert problem["kind"] == "scheme"
    assert problem["detail"].startswith("127.0.0.1 does not answer http (")
    assert "refused" in problem["detail"]
    assert problem["detail"].endswith("asked by https instead")


def test_a_host_without_tls_is_found_from_its_https_address(tmp_path: Path) -> None:
    with MisbehavingServer() as server, MisbehavingServer() as silent:
        limits = {"DOWNLOAD_TIMEOUT": 2}
        saved = crawl(tmp_path, [f"{HTTPS}/plain", f"{HTTPS}/gzip"], http=server.port, https=silent.port, **limits)
        assert sorted(exchange.path for exchange in server.journal) == ["/gzip", "/plain", "/robots.txt"]
        assert silent.connections == 1
    assert kinds(saved) == ["scheme"]
    assert "no answer within 2 s" in saved.problems[0]["detail"]


def test_a_host_that_answers_http_is_not_asked_in_https(tmp_path: Path) -> None:
    with MisbehavingServer() as plain, MisbehavingServer(tls=True) as secure:
        urls = [f"{HTTP}/plain", f"{HTTP}/hang", f"{HTTP}/gzip"]
        saved = crawl(tmp_path, urls, http=plain.port, https=secure.port, DOWNLOAD_TIMEOUT=2, RETRY_TIMES=0)
        assert secure.connections == 0
    assert kinds(saved) == ["unreachable"]
    assert saved.problems[0]["url"] == f"{HTTP}/hang"


def test_a_host_that_answers_neither_fails_as_it_was_asked(tmp_path: Path, refusing: int) -> None:
    saved = crawl(tmp_path, [f"{HTTP}/plain"], http=refusing, https=refusing, RETRY_TIMES=0)
    assert [row["detail"] for row in saved.problems if row["kind"] == "robots-unreachable"] != []
    assert "scheme" not in kinds(saved)
    assert saved.captures == []

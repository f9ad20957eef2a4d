"""Where the crawler may go, and how fast (I8, I9): asserted on what a server was asked, and on the problem rows."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.conformance.misbehaving import MisbehavingServer
from tests.conformance.saving import crawl, registry, save
from tests.conformance.site import Answer, site

PAGE: Answer = (200, {"Content-Type": "text/html"}, b"<title>page</title>")
CROWD = 12


def robots(text: str) -> Answer:
    return 200, {"Content-Type": "text/plain"}, f"User-agent: *\n{text}\n".encode()


def test_nothing_private_is_reached_unless_allowed(tmp_path: Path) -> None:
    hosts = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433"]
    with MisbehavingServer() as server:
        urls = [f"http://{host}:{server.port}/plain" for host in hosts]
        saved = save(tmp_path / "var", registry(tmp_path, server.url("/")), urls, env={})
        assert server.journal == []
    assert (saved.exit_status, saved.captures) == (1, [])
    for host in hosts:
        [detail] = [row["detail"] for row in saved.problems if f"robots.txt of {host}:" in row["detail"]]
        assert "private address" in detail
        assert "NIANBAO_ALLOW_PRIVATE_HOSTS" in detail


def test_a_redirect_out_of_scope_is_a_problem_and_not_followed(tmp_path: Path) -> None:
    with site({"/": PAGE}) as elsewhere, site({"/": (302, {"Location": elsewhere.url("/")}, b"")}) as home:
        saved = crawl(tmp_path / "var", registry(tmp_path, home.url("/")))
        assert home.asked == ["/robots.txt", "/"]
        assert elsewhere.asked == []
    assert [(row["kind"], row["url"]) for row in saved.problems] == [("out-of-scope", elsewhere.url("/"))]


def test_robots_txt_with_a_server_error_forbids_all(tmp_path: Path) -> None:
    with site({"/robots.txt": (503, {}, b""), "/": PAGE}) as home:
        saved = save(tmp_path / "var", registry(tmp_path, home.url("/")), [home.url("/")])
        assert {*home.asked} == {"/robots.txt"}
    [problem] = saved.problems
    assert problem["kind"] == "robots-unreachable"
    assert "503" in problem["detail"]


@pytest.mark.parametrize("status", [403, 404, 410])
def test_robots_txt_that_is_not_there_allows_all(tmp_path: Path, status: int) -> None:
    refusing = b"User-agent: *\nDisallow: /\n"
    with site({"/robots.txt": (status, {}, refusing), "/": PAGE}) as home:
        saved = save(tmp_path / "var", registry(tmp_path, home.url("/")), [home.url("/")])
        assert home.asked == ["/robots.txt", "/"]
    assert (saved.exit_status, saved.problems) == (0, [])


def test_what_robots_txt_disallows_is_a_problem_and_not_fetched(tmp_path: Path) -> None:
    with site({"/robots.txt": robots("Disallow: /forbidden"), "/": PAGE}) as home:
        urls = [home.url("/forbidden/page"), home.url("/")]
        saved = save(tmp_path / "var", registry(tmp_path, home.url("/")), urls)
        assert home.asked == ["/robots.txt", "/"]
    assert [(row["kind"], row["url"]) for row in saved.problems] == [("robots", home.url("/forbidden/page"))]


def test_crawl_delay_keeps_requests_apart(tmp_path: Path) -> None:
    with site({"/robots.txt": robots("Crawl-delay: 0.3"), "/": PAGE}) as home:
        urls = [home.url(f"/?{number}") for number in range(4)]
        save(tmp_path / "var", registry(tmp_path, home.url("/")), urls)
    asked_at = [at for at, path in home.hits if path != "/robots.txt"]
    assert len(asked_at) == len(urls)
    assert all(later - earlier >= 0.25 for earlier, later in pairwise(asked_at))


def test_a_crawl_delay_longer_than_a_run_waits_closes_the_host_and_is_a_problem(tmp_path: Path) -> None:
    with site({"/robots.txt": robots("Crawl-delay: 3600"), "/": PAGE}) as home:
        saved = save(tmp_path / "var", registry(tmp_path, home.url("/")), [home.url("/"), home.url("/?2")])
        assert home.asked == ["/robots.txt"]
    (problem,) = saved.problems
    assert problem["kind"] == "crawl-delay"
    assert "3600 s between requests, 120 at most" in problem["detail"]


def test_no_more_requests_run_at_once_than_the_portal_allows(tmp_path: Path) -> None:
    with MisbehavingServer(drip_seconds=0.002) as server:
        urls = [server.url(f"/drip?{number}") for number in range(CROWD)]
        save(tmp_path / "var", registry(tmp_path, server.url("/"), concurrency=2), urls)
        connections = {exchange.connection for exchange in server.journal}
    assert len(server.journal) == CROWD + 1
    assert len(connections) == 2

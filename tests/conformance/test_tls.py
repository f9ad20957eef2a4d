"""How hosts are greeted: as they should be, and as they were once only where that fails."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conformance.misbehaving import MisbehavingServer
from tests.conformance.saving import Capture, Saved, pair, registry, save


def protocols(capture: Capture) -> list[str]:
    return capture.record.all("WARC-Protocol")


def captures_of(saved: Saved, server: MisbehavingServer) -> list[Capture]:
    return [one for one in saved.captures if one.record.get("WARC-Target-URI").startswith(server.url("/"))]


def test_a_host_of_old_is_greeted_anew_in_the_old_way_and_the_capture_says_so(tmp_path: Path) -> None:
    with MisbehavingServer(tls=True, legacy=True) as server:
        urls = [server.url("/plain"), server.url("/gzip")]
        saved = save(tmp_path / "var", registry(tmp_path, server.url("/"), concurrency=1), urls)
        assert [exchange.connection for exchange in server.journal] == [2, 2, 2]
        pairs = pair(saved.captures, server.journal)
    assert (saved.exit_status, saved.problems) == (0, [])
    for kept in pairs:
        assert kept.capture.message == kept.expected
        assert kept.capture.fields["tls"] == "legacy"
        assert protocols(kept.capture) == ["http/1.1", "tls/1.0"]


def test_a_host_of_today_is_greeted_once_and_as_it_should_be(tmp_path: Path) -> None:
    with MisbehavingServer(tls=True) as server:
        saved = save(tmp_path / "var", registry(tmp_path, server.url("/"), concurrency=1), [server.url("/plain")])
        assert server.connections == 1
    for capture in saved.captures:
        assert "tls" not in capture.fields
        assert re.fullmatch(r"tls/1\.[23]", protocols(capture)[1])


def test_one_host_of_old_does_not_make_others_old(tmp_path: Path) -> None:
    with MisbehavingServer(tls=True, legacy=True) as old, MisbehavingServer(tls=True) as new:
        urls = [old.url("/plain"), new.url("/plain"), old.url("/gzip"), new.url("/gzip")]
        saved = save(tmp_path / "var", registry(tmp_path, old.url("/")), urls)
        assert {capture.fields["tls"] for capture in captures_of(saved, old)} == {"legacy"}
        assert {capture.fields.get("tls") for capture in captures_of(saved, new)} == {None}


@contextmanager
def speaking_no_tls() -> Iterator[int]:
    """A port where whatever is said is answered in plain HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = door.accept()
                    with peer:
                        peer.recv(1)
                        peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_server_without_tls_is_a_problem_that_says_what_is_wrong(tmp_path: Path) -> None:
    with speaking_no_tls() as port:
        url = f"https://127.0.0.1:{port}/plain"
        saved = save(tmp_path / "var", registry(tmp_path, url), [url])
    assert (saved.exit_status, saved.captures) == (1, [])
    assert "speaks no TLS with us: wrong version number" in saved.problems[0]["detail"]


def test_a_connection_lost_after_the_greeting_is_no_reason_for_the_old_way(tmp_path: Path) -> None:
    with MisbehavingServer(tls=True) as server:
        urls = [server.url("/reset"), server.url("/plain")]
        saved = save(tmp_path / "var", registry(tmp_path, server.url("/"), concurrency=1), urls)
        asked = [exchange.path for exchange in server.journal]
        assert asked.index("/plain") > asked.index("/reset")
    assert [capture.fields.get("tls") for capture in captures_of(saved, server)] == [None, None]
    assert [problem["kind"] for problem in saved.problems] == ["unreachable"]

import socket
import threading
from http.client import HTTPConnection

import pytest

from crawler.demo.world import start_world


def test_one_connection_carries_several_exchanges(world):
    connection = HTTPConnection("127.0.0.1", world.ports[0])
    statuses = []
    for path in ("/", "/robots.txt", "/nowhere"):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        local = connection.sock.getsockname()
    connection.request("HEAD", "/")
    assert connection.getresponse().read() == b""
    assert connection.sock.getsockname() == local
    connection.close()
    assert statuses == [200, 200, 404]


def test_each_request_stands_in_the_journal_before_it_is_answered(world, fetch, at):
    fetch(at("yunchuan", "/robots.txt"), {"User-Agent": "one"})
    fetch(at("chenghu", "/art/nowhere?a=1"), {"User-Agent": "two"})
    seen = [(hit.portal, hit.method, hit.path, hit.status, hit.headers["user-agent"]) for hit in world.journal]
    assert seen == [
        ("yunchuan", "GET", "/robots.txt", 200, "one"),
        ("chenghu", "GET", "/art/nowhere?a=1", 404, "two"),
    ]
    assert world.journal[0].at <= world.journal[1].at
    assert world.journal[0].at.utcoffset().total_seconds() == 0


def test_the_end_closes_connections_left_open_and_leaves_no_thread():
    before = set(threading.enumerate())
    with start_world() as world:
        client = socket.create_connection(("127.0.0.1", world.ports[0]))
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(15) == b"HTTP/1.1 200 OK"
    with client:
        client.settimeout(5)
        rest = b"".join(iter(lambda: client.recv(4096), b""))
    assert rest.endswith(b"Disallow: /was5/\n")
    assert set(threading.enumerate()) == before


def test_what_is_no_http_is_hung_up_on(world):
    with socket.create_connection(("127.0.0.1", world.ports[0])) as client:
        client.sendall(b"\x16\x03\x01\r\n\r\n")
        assert client.recv(1) == b""
    assert world.journal == []


def test_a_taken_port_is_an_error_and_leaves_nothing_behind(world):
    before = set(threading.enumerate())
    with pytest.raises(OSError, match="in use"), start_world(ports=(0, world.ports[1])):
        pass
    assert set(threading.enumerate()) == before

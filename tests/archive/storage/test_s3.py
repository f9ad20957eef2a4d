"""What the S3 store makes of a service that refuses, fails, is slow to come up, or is none."""

import hashlib
import threading
import traceback
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archive.errors import ObjectDiffers, StoreRefused, StoreUnreachable
from archive.storage.objects import ObjectInfo
from archive.storage.s3 import Bucket
from tests.services import READER, S3Service, free_ports

SECRET = "secret-that-nobody-sees"


def bucket(endpoint: str, *, name: str = "contract", **settings) -> Bucket:
    defaults = {"access_key": "somebody", "secret_key": SECRET, "secure": False}
    return Bucket(name, endpoint=endpoint, **defaults | settings)


class ScriptedServer(ThreadingHTTPServer):
    """Answers from `script`, a list of (status, headers, body); the last one again and again."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Scripted)
        self.script: list[tuple[int, dict[str, str], bytes]] = []
        self.hits: list[tuple[str, str | None]] = []
        self.endpoint = f"127.0.0.1:{self.server_port}"


class _Scripted(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.hits.append((self.command, self.headers.get("If-None-Match")))
        script = self.server.script
        status, headers, body = script.pop(0) if len(script) > 1 else script[0]
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = _answer  # noqa: N815 - the names http.server calls

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        thread = threading.Thread(target=scripted.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield scripted
        scripted.shutdown()
        thread.join()


def s3_error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()


XML = {"Content-Type": "application/xml"}


@pytest.mark.parametrize("service", ["seaweedfs", "minio"])
@pytest.mark.parametrize("region", [None, "us-east-1"])
@pytest.mark.parametrize("wrong", ["access_key", "secret_key"])
def test_wrong_credentials_are_refused_and_not_shown(request, service: str, region, wrong: str):
    real: S3Service = request.getfixturevalue(service)
    keys = {"access_key": real.access_key, "secret_key": real.secret_key} | {wrong: SECRET}
    waits: list[float] = []
    store = bucket(real.endpoint, region=region, sleep=waits.append, **keys)
    for call in (store.check, lambda: store.stat("a"), lambda: store.open("a"), store.keys):
        with pytest.raises(StoreRefused, match=f"s3://contract at {real.endpoint}: .*NIANBAO_S3") as raised:
            call()
        assert SECRET not in "".join(traceback.format_exception(raised.value))
        assert "\n" not in str(raised.value)
    assert waits == []


def test_a_reader_is_found_out_by_the_check(seaweedfs: S3Service):
    name = f"written-{uuid.uuid4().hex}"
    bucket(seaweedfs.endpoint, access_key=seaweedfs.access_key, secret_key=seaweedfs.secret_key, name=name).check()
    store = bucket(seaweedfs.endpoint, access_key=READER[0], secret_key=READER[1], name=name)
    assert list(store.keys()) == []
    with pytest.raises(StoreRefused, match="AccessDenied"):
        store.check()


def test_a_bucket_that_may_not_be_made_is_named(seaweedfs: S3Service):
    store = bucket(seaweedfs.endpoint, access_key=READER[0], secret_key=READER[1], name="not-there")
    with pytest.raises(StoreRefused, match=r"s3://not-there at .*create it"):
        store.check()


def test_a_closed_port_is_unreachable_after_bounded_tries():
    endpoint, waits = f"127.0.0.1:{free_ports(1)[0]}", []
    with pytest.raises(StoreUnreachable, match=f"s3://contract at {endpoint} cannot be reached: .*refused") as raised:
        bucket(endpoint, attempts=4, sleep=waits.append).check()
    assert waits == [0.5, 1.0, 2.0]
    assert SECRET not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(server: ScriptedServer, status: int):
    busy = (status, {"Content-Type": "text/html"}, b"")
    server.script, waits = [busy, busy, (200, {"Content-Length": "7"}, b"")], []
    store = bucket(server.endpoint, region="us-east-1", sleep=waits.append)
    assert store.stat("a") == ObjectInfo(key="a", size=7)
    assert (len(server.hits), waits) == (3, [0.5, 1.0])


def test_what_does_not_pass_is_not_tried_again(server: ScriptedServer):
    server.script = [(403, XML, s3_error("RequestTimeTooSkewed"))]
    with pytest.raises(StoreRefused, match="RequestTimeTooSkewed: set this machine's clock"):
        bucket(server.endpoint, region="us-east-1").open("a")
    assert len(server.hits) == 1


@pytest.mark.parametrize("headers", [{"Content-Type": "text/html"}, XML])
@pytest.mark.parametrize("status", [200, 404])
def test_a_web_server_is_no_object_store(server: ScriptedServer, status: int, headers: dict[str, str]):
    server.script = [(status, headers, b"<html>Welcome to nginx!<br></html>")]
    with pytest.raises(StoreRefused, match="no S3 service answers there: check NIANBAO_S3_ENDPOINT"):
        bucket(server.endpoint).keys()


def test_a_service_without_tls_is_not_tried_again_with_it(server: ScriptedServer):
    waits: list[float] = []
    with pytest.raises(StoreRefused, match=r"TLS failed .*check NIANBAO_S3_SECURE"):
        bucket(server.endpoint, secure=True, sleep=waits.append).check()
    assert waits == []


def test_a_connection_that_dies_in_a_read_is_never_a_short_read(server: ScriptedServer):
    server.script = [(200, {"Content-Length": "100", "Connection": "close"}, b"0123456789")]
    stream = bucket(server.endpoint, region="us-east-1").open("a")
    with stream, pytest.raises(StoreUnreachable):
        stream.read()


def test_a_service_that_ignores_ranges_is_refused(server: ScriptedServer):
    server.script = [(200, {}, b"0123456789")]
    with pytest.raises(StoreRefused, match="ignores ranges"):
        bucket(server.endpoint, region="us-east-1").open("a", offset=3)


def test_a_writer_that_comes_second_does_not_overwrite(server: ScriptedServer, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"second")
    server.script = [(404, {}, b""), (412, XML, s3_error("PreconditionFailed")), (200, {}, b"first")]
    with pytest.raises(ObjectDiffers, match="a holds 5 bytes"):
        bucket(server.endpoint, region="us-east-1").put(
            "a", tmp_path / "file", sha256=hashlib.sha256(b"second").hexdigest()
        )
    assert server.hits == [("HEAD", None), ("PUT", "*"), ("GET", None)]


def test_a_put_that_is_taken_but_not_kept_is_tried_again(server: ScriptedServer, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"kept")
    missing = (404, XML, s3_error("NoSuchKey"))
    server.script = [(404, {}, b""), (200, {}, b""), missing, (404, {}, b""), (200, {}, b""), (200, {}, b"kept")]
    waits: list[float] = []
    store = bucket(server.endpoint, region="us-east-1", sleep=waits.append)
    store.put("a", tmp_path / "file", sha256=hashlib.sha256(b"kept").hexdigest())
    assert [method for method, _ in server.hits] == ["HEAD", "PUT", "GET"] * 2
    assert waits == [0.5]

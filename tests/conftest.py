"""The real servers as fixtures, each started once, when the first test asks for it."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from archive.browser import find_browser
from tests import services
from tests.services import S3Service

ROOT = Path(__file__).parents[1]


class ByFile(LoadScopeScheduling):
    """A file's tests run in one process, so that what it crawls for all of them is crawled once; all files that read
    the story are one. (pytest-xdist's own groups are marks on node ids, and pytest 9.2 keeps those as they are.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "story" if "tests.e2e.story" in (ROOT / file).read_text("utf-8") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return ByFile(config, log)


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Service]:
    with services.seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as service:
        yield service


@pytest.fixture(scope="session")
def minio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Service]:
    binary = services.find_minio()
    if binary is None:
        reason = "no MinIO server found: name one in NIANBAO_TEST_MINIO, or put it on PATH or at var/tools/minio"
        (pytest.fail if os.environ.get("NIANBAO_REQUIRE_MINIO") == "1" else pytest.skip)(reason)
    with services.minio(tmp_path_factory.mktemp("minio"), binary) as service:
        yield service


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with services.postgresql(tmp_path_factory.mktemp("postgresql")) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """The SQLAlchemy URL of a database of the test's own."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield postgresql.replace("/postgres?", f"/{name}?", 1)
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's, or whichever the product would find: Playwright's own is never downloaded for a test."""
    found = find_browser(None)
    if found is None:
        pytest.fail("no Chromium found: as root, apt-get install chromium")
    return found

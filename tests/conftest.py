"""The real servers as fixtures, each started once, when the first test asks for it."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from archive.browser import find_browser
from tests import services
from tests.services import S3Service


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that read the story run in one process: its crawls are made once."""
    for item in items:
        if "story" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("story"))


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

"""Our server on a loopback socket, over each pair of stores, and what a client of it needs."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.access.listening import Ends, address, bound, serving
from archive.access.server import make_app
from archive.index.catalog import open_catalog
from archive.storage import Objects, open_objects
from archive.storage.folder import Folder
from archive.stores import Stores
from tests.services import S3Service


@pytest.fixture(params=["files", "servers"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """A folder and SQLite; S3 and PostgreSQL."""
    (tmp_path / "spool").mkdir()
    files = request.param == "files"
    url = f"sqlite:///{tmp_path / 'catalog.db'}" if files else request.getfixturevalue("postgresql_url")
    objects = Folder(tmp_path / "objects") if files else bucket(request.getfixturevalue("seaweedfs"))
    with closing(open_catalog(url)) as catalog:
        yield Stores(spool=tmp_path / "spool", objects=objects, catalog=catalog)


def bucket(service: S3Service) -> Objects:
    keys = {"access_key": service.access_key, "secret_key": service.secret_key, "region": service.region}
    store = open_objects(f"s3://access/{uuid.uuid4().hex}", endpoint=service.endpoint, secure=False, **keys)
    store.check()
    return store


@pytest.fixture
def base(stores: Stores) -> Iterator[str]:
    with bound("127.0.0.1", 0) as door, serving(make_app(stores), door, Ends()):
        yield address(door)

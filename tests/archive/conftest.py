"""The archive's places: each database in turn, a folder of objects, a spool."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.index.catalog import open_catalog
from archive.storage.folder import Folder
from archive.stores import Stores
from tests.archive.crawl import Crawl


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def stores(tmp_path: Path, catalog_url: str) -> Iterator[Stores]:
    (tmp_path / "spool").mkdir()
    with closing(open_catalog(catalog_url)) as catalog:
        yield Stores(spool=tmp_path / "spool", objects=Folder(tmp_path / "objects"), catalog=catalog)


@pytest.fixture
def crawl(stores: Stores) -> Iterator[Crawl]:
    crawl = Crawl(stores)
    with closing(crawl.writer):
        yield crawl

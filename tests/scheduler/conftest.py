"""The catalog on each database in turn."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.index.catalog import Catalog, open_catalog


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    with closing(open_catalog(url)) as opened:
        yield opened

"""The catalog: one schema on both databases, and its errors in our words."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text, update

from archive.capture.records import sha256
from archive.errors import CatalogError
from archive.index.catalog import fetched_file, open_catalog, original_with
from archive.index.schema import captures, metadata, runs, segments
from archive.stores import Stores
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, HOST, exchange, page, pdf

OPEN = "import sys; from archive.index.catalog import open_catalog; open_catalog(sys.argv[1]).close()"


def test_migrations_make_exactly_the_schema(stores: Stores) -> None:
    with stores.catalog.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_again_leaves_rows_alone(stores: Stores, catalog_url: str) -> None:
    with stores.catalog.begin() as connection:
        connection.execute(insert(runs).values(run="r", portals=[], state="running", started_at=""))
    again = open_catalog(catalog_url)
    assert [row["run"] for row in again.rows(select(runs))] == ["r"]
    again.close()


def test_processes_that_open_a_new_catalog_at_once_all_succeed(catalog_url: str) -> None:
    command = [sys.executable, "-c", OPEN, catalog_url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, cwd=Path(__file__).parents[3]) for _ in range(4)]
    assert [(one.communicate()[1], one.returncode) for one in started] == [(b"", 0)] * 4


def test_a_catalog_of_a_newer_nianbao_is_refused(stores: Stores, catalog_url: str) -> None:
    with stores.catalog.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CatalogError, match="9999"):
        open_catalog(catalog_url)


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://nianbao:s3cret@127.0.0.1:1/x?connect_timeout=2", "sqlite:////no/such/folder/catalog.db"],
)
def test_a_catalog_that_cannot_be_reached_is_told_without_its_password(url: str) -> None:
    with pytest.raises(CatalogError, match=r"catalog (postgresql|sqlite).*") as refused:
        open_catalog(url)
    assert "s3cret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_transaction_that_fails_leaves_nothing(stores: Stores) -> None:
    def twice() -> None:
        with stores.catalog.begin() as connection:
            for _ in range(2):
                connection.execute(insert(runs).values(run="r", portals=[], state="running", started_at=""))

    with pytest.raises(CatalogError):
        twice()
    assert list(stores.catalog.rows(select(runs))) == []


def test_a_reader_does_not_wait_for_a_writer(stores: Stores) -> None:
    with stores.catalog.begin() as connection:
        connection.execute(insert(runs).values(run="r", portals=[], state="running", started_at=""))
        assert list(stores.catalog.rows(select(segments))) == list(stores.catalog.rows(select(runs))) == []


def test_the_original_is_the_oldest_whole_response(crawl: Crawl) -> None:
    crawl.keep(
        page("/cut", b"<p>", at=AT.replace(hour=0), truncated="length"),
        page("/late", b"<p>", at=AT.replace(hour=2)),
        page("/revisit", b"<p>", at=AT.replace(hour=1)),
    )
    with crawl.stores.catalog.begin() as connection:
        original = original_with(connection, sha256([b"<p>"]))
        assert original_with(connection, sha256([b"other"])) is None
    assert (original.record_id, original.url) == (crawl.appended[1].record_id, f"{HOST}/late")
    assert original.date == "2024-01-20T02:03:04.567890Z"


def test_a_file_is_found_behind_redirects(crawl: Crawl) -> None:
    hop = {"role": "attachment", "portal": "songjiang"}
    crawl.keep(
        exchange("/1", status=302, facts=hop),
        exchange("/2", status=301, facts={**hop, "via": f"{HOST}/1"}),
        pdf("/3.pdf", facts={**hop, "via": f"{HOST}/2"}),
        exchange("/gone", status=404, facts=hop),
    )
    with crawl.stores.catalog.begin() as connection:
        assert fetched_file(connection, f"{HOST}/1")["url"] == f"{HOST}/3.pdf"
        assert fetched_file(connection, f"{HOST}/gone") is None


def test_redirects_in_a_circle_end(crawl: Crawl) -> None:
    crawl.keep(
        *(exchange(path, status=302, facts={"via": f"{HOST}{via}"}) for path, via in (("/1", "/2"), ("/2", "/1")))
    )
    with crawl.stores.catalog.begin() as connection:
        assert fetched_file(connection, f"{HOST}/1") is None


def test_a_file_that_is_gone_now_is_what_it_was(crawl: Crawl) -> None:
    crawl.keep(pdf("/1.pdf"), exchange("/1.pdf", status=404, at=AT.replace(year=2025)))
    with crawl.stores.catalog.begin() as connection:
        assert fetched_file(connection, f"{HOST}/1.pdf")["record_id"] == crawl.appended[0].record_id
        connection.execute(update(captures).values(truncated="length"))
        assert fetched_file(connection, f"{HOST}/1.pdf") is None

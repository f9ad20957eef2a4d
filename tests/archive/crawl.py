"""A crawl without a network: exchanges in, deposited segments out, with all parts of the archive real."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from archive.capture.dedup import Dedup
from archive.capture.exchange import Digest, Exchange, Original, RecordId
from archive.capture.writer import Appended, SegmentWriter
from archive.deposit import deposit
from archive.index.catalog import original_with
from archive.index.renditions import rendition_with
from archive.index.schema import handoffs
from archive.stores import Stores
from tests.archive.exchanges import AT


class Crawl:
    def __init__(self, stores: Stores, *, writer: str = "1") -> None:
        self.stores = stores
        self.appended: list[Appended] = []
        self._sealed: list[Path] = []
        self.writer = SegmentWriter(
            spool=stores.spool,
            on_sealed=self._sealed.append,
            writer=writer,
            host="test",
            info={"isPartOf": "r1", "portals": "songjiang copies"},
            dedup=Dedup(self._stored, self._rendered),
            now=lambda: AT,
        )

    def _stored(self, digest: Digest) -> Original | None:
        with self.stores.catalog.reading() as connection:
            return original_with(connection, digest)

    def _rendered(self, digest: Digest) -> RecordId | None:
        with self.stores.catalog.reading() as connection:
            return rendition_with(connection, digest)

    def seal(self, *exchanges: Exchange, ended: bool = False) -> Path:
        """Writes them as one segment; `ended`: with the note of a run that is over."""
        self.appended += [self.writer.append(one) for one in exchanges]
        if ended:
            self.writer.close_run("r1", [("outcome", "finished"), ("portals", "songjiang copies")])
        self.writer.seal()
        return self._sealed[-1]

    def keep(self, *exchanges: Exchange, ended: bool = False) -> str:
        """One segment, deposited; gives its name."""
        sealed = self.seal(*exchanges, ended=ended)
        self.writer.dedup.forget_ingested(deposit(sealed, self.stores, now=lambda: AT))
        return sealed.name.removesuffix(".warc.gz")

    def rows(self, table: Table) -> list[dict[str, Any]]:
        return list(self.stores.catalog.rows(select(table).order_by(*table.primary_key)))

    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(row["message"]) for row in self.rows(handoffs)]

    def everything(self, tables: Sequence[Table]) -> dict[str, list[dict[str, Any]]]:
        return {table.name: self.rows(table) for table in tables}

"""A rendered page in the catalog: it is read by its DOM, its renditions are found, and a rebuild finds them again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from archive.capture.exchange import Exchange, Rendition
from archive.index.reader import read_capture
from archive.index.schema import DERIVED, publications, renditions
from archive.recover import rebuild
from archive.stores import Stores
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, page
from tests.archive.reports.pages import REPORT, html

WHOLE = html("松江区财政局2023年政府信息公开工作年度报告", REPORT)
SHELL = '<meta charset="gbk"><title>正在加载</title><body><div id="app"></div><script src="/app.js"></script>'.encode(
    "gbk"
)


def rendered(path: str, dom: bytes, *, after: int = 0) -> Exchange:
    made = Rendition(kind="dom", media_type="text/html;charset=utf-8", data=dom)
    picture = Rendition(kind="screenshot", media_type="image/png", data=b"\x89PNG")
    return replace(page(path, SHELL), renditions=(made, picture), at=AT + timedelta(seconds=after))


def test_a_page_whose_script_makes_the_report_is_read_by_its_dom(crawl: Crawl, stores: Stores) -> None:
    crawl.keep(rendered("/report", WHOLE), ended=True)
    [row] = list(stores.catalog.rows(select(publications)))
    assert (row["organ"], row["year"], row["charset"]) == ("松江区财政局", 2023, "gb18030")
    assert "rendered" in row["flags"]


def test_a_rendered_reports_message_leads_to_its_document_and_to_its_dom(crawl: Crawl) -> None:
    crawl.keep(rendered("/report", WHOLE), page("/plain", html("松江区教育局2023年政府信息公开工作年度报告", REPORT)))
    shown, plain = sorted((message["data"] for message in crawl.messages()), key=lambda data: "rendered" not in data)
    assert read(crawl.stores, shown["rendered"]) == ("conversion", WHOLE)
    kind, block = read(crawl.stores, shown["locator"])
    assert (kind, block.endswith(SHELL), shown["charset"]) == ("response", True, "gb18030")
    assert "rendered" not in plain


def read(stores: Stores, locator: dict[str, Any]) -> tuple[str, bytes]:
    with read_capture(stores.objects, locator) as record:
        assert record["WARC-Record-ID"] == locator["record_id"]
        return record["WARC-Type"], record.block()


def test_the_same_dom_in_a_later_segment_is_read_where_it_stands(crawl: Crawl, stores: Stores) -> None:
    crawl.keep(rendered("/report", WHOLE))
    crawl.keep(rendered("/copy", WHOLE, after=1), ended=True)
    rows = list(stores.catalog.rows(select(renditions).where(renditions.c.kind == "dom")))
    assert len({row["capture"] for row in rows}) == 2
    assert len({(row["record_id"], row["object"], row["offset"]) for row in rows}) == 1
    with read_capture(stores.objects, rows[0]) as record:
        assert record.block() == WHOLE
    assert {row["url"].rpartition("/")[2] for row in stores.catalog.rows(select(publications))} == {"report", "copy"}


def test_a_rebuild_gives_the_same_rows(crawl: Crawl, stores: Stores) -> None:
    crawl.keep(rendered("/report", WHOLE))
    crawl.keep(rendered("/copy", WHOLE, after=1), ended=True)
    before = [list(map(repr, stores.catalog.rows(select(table)))) for table in DERIVED if table.name != "handoffs"]
    rebuild(stores)
    after = [list(map(repr, stores.catalog.rows(select(table)))) for table in DERIVED if table.name != "handoffs"]
    assert sorted(map(sorted, after)) == sorted(map(sorted, before))

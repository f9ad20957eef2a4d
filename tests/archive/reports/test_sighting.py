"""What a capture shows, with what the catalog knows of the columns that led to it."""

from collections.abc import Mapping
from typing import Any

from archive.index.entity import HttpHead
from archive.index.schema import captures, publications
from archive.recover import rebuild
from archive.reports.sighting import Captured, explained
from tests.archive.crawl import Crawl
from tests.archive.exchanges import HOST, PORTAL, page, pdf
from tests.archive.reports.pages import PROSE, REPORT, html

COLUMN, YEAR, OFFICE = f"{HOST}/nb/", f"{HOST}/nb/2022/", f"{HOST}/nb/cz/"
UNTITLED = html("2022年政府信息公开工作年度报告", REPORT.replace("2023", "2022"))


def found(anchor: str, column: str = "", role: str = "column") -> Mapping[str, str]:
    facts = {**PORTAL, "role": role, "anchor": anchor, "via": column, "column": column}
    return {name: value for name, value in facts.items() if value}


def lists(crawl: Crawl) -> None:
    """A column of reports, a column of one year and one of one office in it, and the second page of the office's."""
    blank = html("列表", "<p>列表</p>")
    crawl.keep(
        page("/nb/", blank, facts=found("政府信息公开年报")),
        page("/nb/2022/", blank, facts=found("2022年", COLUMN)),
        page("/nb/cz/", blank, facts=found("区财政局", COLUMN)),
        page("/nb/cz/2.html", blank, facts=found("2", OFFICE)),
    )


def reports(crawl: Crawl) -> list[tuple[Any, ...]]:
    return [(row["organ"], row["year"], row["url"]) for row in crawl.rows(publications)]


def captured(crawl: Crawl, url: str, body: bytes, media_type: str) -> Captured:
    row = next(row for row in crawl.rows(captures) if row["url"] == url)
    head = HttpHead(status=200, headers=(("Content-Type", media_type),))
    return Captured(row=row, holder=row, head=head, body=body, fields=dict(PORTAL))


def test_a_file_named_after_an_organ_is_its_report_in_a_column_of_reports(crawl: Crawl) -> None:
    lists(crawl)
    crawl.keep(pdf("/f/1.pdf", facts=found("区财政局", YEAR, "attachment")))
    crawl.keep(pdf("/f/2.pdf", facts=found("区财政局", f"{HOST}/js/", "attachment")))
    assert reports(crawl) == [("松江区财政局", 2022, YEAR)]


def test_the_column_tells_whose_a_page_is_that_does_not_say(crawl: Crawl) -> None:
    lists(crawl)
    crawl.keep(page("/nb/1.html", UNTITLED, facts=found("2022年年报", f"{OFFICE}2.html", "report")))
    crawl.keep(page("/nb/2.html", UNTITLED, facts=found("2022年年报", COLUMN, "report")))
    assert reports(crawl) == [
        ("松江区财政局", 2022, f"{HOST}/nb/1.html"),
        ("松江区人民政府", 2022, f"{HOST}/nb/2.html"),
    ]


def test_columns_tell_the_same_after_a_rebuild(crawl: Crawl) -> None:
    lists(crawl)
    crawl.keep(page("/nb/1.html", UNTITLED, facts=found("2022年年报", f"{OFFICE}2.html", "report")))
    crawl.keep(page("/nb/3.html", html("区民政局", PROSE), facts=found("区民政局", YEAR, "report")))
    before = reports(crawl)
    rebuild(crawl.stores)
    assert reports(crawl) == before


def test_the_explanation_tells_each_step_of_a_page(crawl: Crawl) -> None:
    lists(crawl)
    crawl.keep(page("/nb/1.html", UNTITLED, facts=found("2022年年报", f"{OFFICE}2.html", "report")))
    with crawl.stores.catalog.reading() as connection:
        steps = explained(connection, captured(crawl, f"{HOST}/nb/1.html", UNTITLED, "text/html"))
    assert steps == (
        "portal: 上海市松江区人民政府",
        "link: 2022年年报",
        "columns: 2 < 区财政局 < 政府信息公开年报",
        "title: 2022年政府信息公开工作年度报告, by heading",
        "article: statutory tables",
        "year: 2022, by title",
        "organ: 松江区财政局, by breadcrumb or column",
        "a report",
    )


def test_the_explanation_tells_why_a_file_is_or_is_not_taken(crawl: Crawl) -> None:
    lists(crawl)
    crawl.keep(pdf("/f/1.pdf", facts=found("区财政局", YEAR, "attachment")), pdf("/f/2.pdf", facts=found("下载", YEAR)))
    with crawl.stores.catalog.reading() as connection:
        taken, left = (
            explained(connection, captured(crawl, f"{HOST}/f/{n}.pdf", b"", "application/pdf")) for n in (1, 2)
        )
    columns = "columns: 2022年 < 政府信息公开年报"
    outcome = ("organ: 松江区财政局", "year: 2022", f"a report, published at {YEAR}")
    assert taken == ("file: linked as 区财政局", columns, *outcome)
    assert left == ("file: linked as 下载", columns, "not a report: title names no report")

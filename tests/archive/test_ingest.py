"""Ingest: which rows and messages a segment makes, whatever order the captures come in (I3, I5, I6)."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from archive.deposit import deposit
from archive.errors import ObjectMissing
from archive.index.reader import payload, read_bounded, read_locator
from archive.index.schema import DERIVED, attachments, captures, publications, versions
from archive.ingest import ingest
from archive.recover import rebuild, stored_manifests
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AGGREGATOR, AT, HOST, PORTAL, exchange, page, pdf
from tests.archive.reports.pages import REPORT, html

TITLE = "松江区财政局2023年政府信息公开工作年度报告"
ORGAN, YEAR = "松江区财政局", 2023
LINK = '<p><a href="1.pdf">附件</a></p>'
LINKED = html(TITLE, REPORT + LINK)
WHOLE = html(TITLE, REPORT)
FACTS = {**PORTAL, "role": "report", "anchor": TITLE, "via": f"{HOST}/nb/"}
FILE = {**PORTAL, "role": "attachment", "anchor": "附件", "via": f"{HOST}/nb/1.html"}
FILE_LINK = {**PORTAL, "role": "attachment", "anchor": TITLE, "via": f"{HOST}/nb/"}
LATER = AT.replace(year=2025)
PUBLISHED, CHANGED = "cn.nianbao.report.published.v1", "cn.nianbao.report.changed.v1"


def kinds(crawl: Crawl) -> list[tuple[str, int]]:
    return [(message["type"], message["data"]["version"]) for message in crawl.messages()]


def read(crawl: Crawl, locator: dict[str, Any]) -> bytes:
    where = {"key": locator["object"], "offset": locator["offset"], "length": locator["length"]}
    with read_locator(crawl.stores.objects, **where) as record:
        assert record["WARC-Record-ID"] == locator["record_id"]
        return read_bounded(payload(record)[1], 1 << 20)


def test_a_report_page_makes_a_publication_and_a_message_that_resolves(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS))
    (row,), (message,) = crawl.rows(publications), crawl.messages()
    assert (row["organ"], row["year"], row["url"], row["canonical"]) == (ORGAN, YEAR, f"{HOST}/nb/1.html", True)
    assert (message["type"], message["subject"], message["source"]) == (PUBLISHED, row["url"], "/portals/songjiang")
    assert read(crawl, message["data"]["locator"]) == WHOLE


def test_a_page_that_is_a_report_has_that_role_whatever_its_link_promised(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", WHOLE, facts={**FACTS, "role": "column", "anchor": "2023"}))
    assert [row["role"] for row in crawl.rows(captures)] == ["report"]


def test_a_segment_ingested_again_changes_nothing(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", LINKED, facts=FACTS), pdf("/nb/1.pdf", facts=FILE))
    before = crawl.everything(DERIVED)
    (manifest,) = stored_manifests(crawl.stores)
    with crawl.stores.catalog.begin() as connection, crawl.stores.objects.open(manifest.object) as segment:
        assert ingest(connection, crawl.stores.objects, manifest, segment) == set()
    assert crawl.everything(DERIVED) == before


def test_an_ingest_that_fails_leaves_no_row(crawl: Crawl, tmp_path: Path) -> None:
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS))
    sealed = crawl.seal(page("/nb/2.html", b"<p>"), page("/nb/3.html", WHOLE, facts=FACTS))
    (original,) = crawl.stores.objects.keys("warc/2024/01/20/NIANBAO-20240120020304-00001-test-1.warc")
    before = crawl.everything(DERIVED)
    (tmp_path / "objects" / original).unlink()
    with pytest.raises(ObjectMissing):
        deposit(sealed, crawl.stores)
    assert crawl.everything(DERIVED) == before


def test_a_message_waits_for_the_attachment_and_then_has_it(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", LINKED, facts=FACTS))
    assert crawl.messages() == []
    crawl.keep(pdf("/nb/1.pdf", b"%PDF-1.7", facts=FILE))
    (message,) = crawl.messages()
    (attachment,) = message["data"]["attachments"]
    assert (attachment["url"], attachment["media_type"]) == (f"{HOST}/nb/1.pdf", "application/pdf")
    assert read(crawl, attachment["locator"]) == b"%PDF-1.7"


def test_an_attachment_is_known_by_its_address_on_the_wire(crawl: Crawl) -> None:
    linked = html(TITLE, f'{REPORT}<p><a href="附件 1.pdf#page=2">附件</a></p>')
    crawl.keep(page("/nb/1.html", linked, facts=FACTS), pdf("/nb/%E9%99%84%E4%BB%B6%201.pdf", facts=FILE))
    (message,) = crawl.messages()
    assert read(crawl, message["data"]["attachments"][0]["locator"]) == b"%PDF-1.4"


def test_an_attachment_that_failed_is_waited_for_until_the_run_is_over(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", LINKED, facts=FACTS), exchange("/nb/1.pdf", b"?", status=404, facts=FILE))
    assert crawl.messages() == []
    crawl.keep(ended=True)
    (message,) = crawl.messages()
    link = {"url": f"{HOST}/nb/1.pdf", "media_type": None, "digest": None, "locator": None}
    assert message["data"]["attachments"] == [link]


def test_an_attachment_that_is_found_later_changes_the_report(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", LINKED, facts=FACTS), ended=True)
    crawl.keep(pdf("/nb/1.pdf", facts=FILE, at=LATER))
    assert kinds(crawl) == [(PUBLISHED, 1), (CHANGED, 2)]
    first, second = (message["data"] for message in crawl.messages())
    assert (first["captured_at"][:4], second["captured_at"][:4]) == ("2024", "2025")
    assert second["previous"]["captured_at"] == first["captured_at"]


def test_an_attachment_behind_a_redirect_is_the_file_it_leads_to(crawl: Crawl) -> None:
    moved = {**FILE, "anchor": TITLE, "via": f"{HOST}/nb/1.pdf"}
    crawl.keep(page("/nb/1.html", LINKED, facts=FACTS), exchange("/nb/1.pdf", status=302, facts=FILE))
    crawl.keep(pdf("/files/9.pdf", b"%PDF-9", facts=moved), ended=True)
    (message,), (row,) = crawl.messages(), crawl.rows(publications)
    assert read(crawl, message["data"]["attachments"][0]["locator"]) == b"%PDF-9"
    assert row["url"] == f"{HOST}/nb/1.html"


def test_a_report_that_is_only_a_file_stands_at_the_page_that_links_it(crawl: Crawl) -> None:
    crawl.keep(page("/nb/", html("政府信息公开年报", "<p>列表</p>")), pdf("/nb/1.pdf", b"%PDF-1", facts=FILE_LINK))
    (row,), (message,) = crawl.rows(publications), crawl.messages()
    assert (row["url"], row["organ"], row["media_type"]) == (f"{HOST}/nb/", ORGAN, "application/pdf")
    assert message["data"]["flags"] == ["attachment-only"]
    assert read(crawl, message["data"]["attachments"][0]["locator"]) == b"%PDF-1"


def test_a_file_only_report_behind_a_redirect_stands_at_the_page_too(crawl: Crawl) -> None:
    moved = {**FILE_LINK, "via": f"{HOST}/down?id=1"}
    crawl.keep(exchange("/down?id=1", status=302, facts=FILE_LINK), pdf("/files/1.pdf", facts=moved))
    assert [row["url"] for row in crawl.rows(publications)] == [f"{HOST}/nb/"]


def test_reports_that_are_files_of_one_page_are_told_apart(crawl: Crawl) -> None:
    other = {**FILE_LINK, "anchor": TITLE.replace("2023", "2022")}
    crawl.keep(pdf("/nb/1.pdf", b"%PDF-1", facts=FILE_LINK), pdf("/nb/2.pdf", b"%PDF-2", facts=other))
    assert sorted((row["url"], row["year"]) for row in crawl.rows(publications)) == [
        (f"{HOST}/nb/", 2022),
        (f"{HOST}/nb/", 2023),
    ]


def test_a_copy_is_handed_off_alone_until_the_reports_own_publication_is_found(crawl: Crawl) -> None:
    crawl.keep(page("https://copies.example/1", WHOLE, facts={**AGGREGATOR, "anchor": TITLE}))
    crawl.keep(page("/nb/1.html", html(TITLE, REPORT), facts=FACTS, at=LATER))
    copy, own = (message["data"] for message in crawl.messages())
    assert kinds(crawl) == [(PUBLISHED, 1), (CHANGED, 2)]
    assert (copy["canonical"], copy["flags"], own["canonical"], own["flags"]) == (False, ["copy-only"], True, [])
    assert own["duplicates"] == [{"url": "https://copies.example/1", "portal": "copies", "relation": "identical"}]
    assert own["previous"]["id"] == crawl.messages()[0]["id"]


def test_a_copy_of_a_known_report_makes_no_message(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS))
    crawl.keep(page("https://copies.example/1", html(TITLE, REPORT + "<p>相关推荐</p>"), facts=AGGREGATOR))
    assert kinds(crawl) == [(PUBLISHED, 1)]
    rows = {row["url"]: (row["canonical"], row["duplicate_of"], row["relation"]) for row in crawl.rows(publications)}
    assert rows["https://copies.example/1"] == (False, f"{HOST}/nb/1.html", "near")


def test_a_revisit_at_another_url_is_a_publication_of_its_own(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS), page("/moved/1.html", WHOLE, facts=FACTS))
    crawl.keep(page("/again/1.html", WHOLE, facts=FACTS))
    assert [one.revisit for one in crawl.appended] == [False, True, True]
    rows = crawl.rows(publications)
    assert {row["url"].removeprefix(HOST) for row in rows} == {"/nb/1.html", "/moved/1.html", "/again/1.html"}
    assert {row["record_id"] for row in rows} == {crawl.appended[0].record_id}
    assert kinds(crawl) == [(PUBLISHED, 1)]


def test_a_payload_first_seen_as_an_error_is_a_report_when_it_is_served(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", WHOLE, status=404, facts=FACTS))
    assert crawl.rows(publications) == []
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS, at=LATER))
    (message,) = crawl.messages()
    assert (message["data"]["media_type"], message["data"]["attachments"]) == ("text/html", [])
    assert read(crawl, message["data"]["locator"]) == WHOLE


def test_the_same_page_again_changes_nothing(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS))
    before = crawl.rows(publications)
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS, at=LATER))
    crawl.keep(page("/nb/1.html", html(TITLE, REPORT, head="<!-- another template -->"), facts=FACTS, at=LATER))
    assert (crawl.rows(publications), kinds(crawl)) == (before, [(PUBLISHED, 1)])


def test_other_words_are_a_new_version_that_names_the_one_before(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS))
    crawl.keep(page("/nb/1.html", html(TITLE, REPORT + "<p>更正</p>"), facts=FACTS, at=LATER))
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS, at=LATER.replace(month=2)))
    assert kinds(crawl) == [(PUBLISHED, 1), (CHANGED, 2), (CHANGED, 3)]
    first, second, third = crawl.messages()
    assert [second["data"]["previous"]["id"], third["data"]["previous"]["id"]] == [first["id"], second["id"]]
    assert [row["version"] for row in crawl.rows(versions)] == [1, 2, 3]


def test_a_link_that_is_gone_from_a_page_is_gone_from_its_report(crawl: Crawl) -> None:
    crawl.keep(page("/nb/1.html", LINKED, facts=FACTS), pdf("/nb/1.pdf", facts=FILE))
    crawl.keep(page("/nb/1.html", WHOLE, facts=FACTS, at=LATER))
    assert crawl.rows(attachments) == []
    assert kinds(crawl) == [(PUBLISHED, 1), (CHANGED, 2)]


def test_what_cannot_be_a_report_is_a_capture_only(crawl: Crawl) -> None:
    crawl.keep(
        page("/1", WHOLE, truncated="length", facts=FACTS),
        page("/2", html(TITLE, REPORT + "<p>2</p>"), status=404, facts=FACTS),
        page("/3", html(TITLE, REPORT + "<p>3</p>"), facts={"role": "report"}),
        page("/4", html(TITLE, REPORT + "<p>4</p>"), facts={**FACTS, "role": "requisite"}),
        page("/5", html("今日要闻", "<p>会议召开</p>"), facts={**FACTS, "anchor": "今日要闻"}),
    )
    assert (crawl.rows(publications), crawl.messages()) == ([], [])


def test_what_a_hostile_server_says_cannot_stop_a_segment(crawl: Crawl) -> None:
    head = ("Content-Type: text/html; charset=utf-8", 'ETag: "a\0b"', "Last-Modified: " + "9" * 9000)
    long = "".join(sha256(b"%d" % n).hexdigest() for n in range(99))
    body = html(f"{TITLE}\0", f'{REPORT}\0<a href="{long}.pdf">附\0件</a>')
    crawl.keep(exchange("/nb/1.html", body, *head, facts={**FACTS, "anchor": "\0年报\0"}), ended=True)
    assert kinds(crawl) == [(PUBLISHED, 1)]


def test_a_rebuild_makes_the_same_rows(crawl: Crawl) -> None:
    crawl.keep(page("https://copies.example/1", WHOLE, facts={**AGGREGATOR, "anchor": TITLE}))
    crawl.keep(page("/nb/1.html", LINKED, facts=FACTS), pdf("/nb/1.pdf", facts=FILE), ended=True)
    crawl.keep(page("/nb/1.html", LINKED + b" ", facts=FACTS, at=LATER))
    before = crawl.everything(DERIVED)
    assert rebuild(crawl.stores) == 3
    after = crawl.everything(DERIVED)
    for rows in (before, after):
        rows["handoffs"] = [{**row, "seq": 0} for row in rows["handoffs"]]
    assert after == before


def test_what_comes_in_late_is_kept_and_changes_nothing_that_is_newer(crawl: Crawl) -> None:
    old = html(TITLE, REPORT.replace("12", "11"))
    assert old != WHOLE
    crawl.keep(page("/nb/1.html", WHOLE, at=LATER, facts=FACTS))
    before = crawl.rows(publications)
    crawl.keep(page("/nb/1.html", old, facts=FACTS))
    assert kinds(crawl) == [(PUBLISHED, 1)]
    assert crawl.rows(publications) == before
    assert [row["date"][:4] for row in crawl.rows(captures)].count("2024") == 1
    crawl.keep(page("/nb/1.html", old, at=LATER.replace(month=2), facts=FACTS))
    assert kinds(crawl) == [(PUBLISHED, 1), (CHANGED, 2)]

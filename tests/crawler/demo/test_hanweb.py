import gzip
import re
import socket

import pytest

from crawler.demo.hanweb import COLUMN, PROXY

UNIT = "columnid=123&unitid=45671&webid=3"
RECORD = re.compile(r"<record><!\[CDATA\[\s*<li><a href='([^']+)' title='([^']+)'")
NEXT = re.compile(r'<nextgroup><!\[CDATA\[<a href="([^"]+)">')


def test_first_rows_stand_in_cdata_and_next_groups_bring_them_all(fetch, at, world):
    text = fetch(at("chenghu", COLUMN)).body.decode()
    rows = dict(RECORD.findall(text))
    assert len(rows) == 4
    while following := NEXT.search(text):
        text = fetch(at("chenghu", following[1])).body.decode()
        rows |= RECORD.findall(text)
    reports = {each.url for each in world.expected if each.portal == "chenghu"}
    assert len(rows) == int(re.search(r"<totalrecord>(\d+)<", text)[1]) == 15
    assert reports < {at("chenghu", path) for path in rows}


@pytest.mark.parametrize("by_form", [False, True])
def test_the_proxy_takes_record_numbers_by_query_and_by_form(fetch, at, by_form):
    asked = f"{UNIT}&startrecord=14&endrecord=19&perpage=6"
    url = at("chenghu", PROXY)
    answer = fetch(url, data=asked.encode()) if by_form else fetch(f"{url}?{asked}")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert len(RECORD.findall(answer.body.decode())) == 2


def test_another_unit_has_no_rows(fetch, at):
    assert b"<record>" not in fetch(at("chenghu", f"{PROXY}?page=1&columnid=123&unitid=9")).body


def test_a_page_that_is_no_number_is_refused(fetch, at):
    assert fetch(at("chenghu", f"{PROXY}?{UNIT}&page=x")).status == 400


def test_an_answer_is_chunked_and_packed_for_who_accepts_it(world, fetch, at):
    plain = fetch(at("chenghu", COLUMN))
    packed = fetch(at("chenghu", COLUMN), {"Accept-Encoding": "gzip, deflate"})
    assert plain.headers["Transfer-Encoding"] == packed.headers["Transfer-Encoding"] == "chunked"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    with socket.create_connection(("127.0.0.1", world.ports[1])) as client:
        client.sendall(f"GET {COLUMN} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
        wire = b"".join(iter(lambda: client.recv(65536), b""))
    assert wire.partition(b"\r\n\r\n")[2].startswith(b"578\r\n")
    assert wire.endswith(b"\r\n0\r\n\r\n")


def test_an_unchanged_report_is_304_without_a_body(fetch, at):
    url = at("chenghu", "/art/2024/1/18/art_123_4567.html")
    first = fetch(url)
    again = fetch(url, {"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert fetch(url, {"If-None-Match": '"else"'}).status == 200


def test_the_attachment_is_named_by_its_disposition_alone(fetch, world):
    [url] = [url for each in world.expected if each.portal == "chenghu" for url in each.attachments]
    answer = fetch(url)
    assert answer.body.startswith(b"%PDF-1.4")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={url.rpartition('=')[2]}"


def test_home_sets_two_cookies(fetch, at):
    assert len(fetch(at("chenghu", "/")).headers.get_all("Set-Cookie")) == 2

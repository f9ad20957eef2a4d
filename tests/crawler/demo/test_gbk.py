import re
import socket
from urllib.parse import urljoin

import pytest

from crawler.demo.gbk import COLUMN
from crawler.demo.nanping import FLAKY, MISPRINTED, ORGAN_IN_CRUMBS, RARE


def test_pages_are_gbk_and_only_their_meta_says_so(fetch, at):
    answer = fetch(at("nanping", COLUMN))
    assert answer.headers["Content-Type"] == "text/html"
    assert b"charset=gb2312" in answer.body
    assert "信息公开年报" in answer.body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_names_go_beyond_gb2312_and_one_beyond_gbk(fetch, at):
    body = fetch(at("nanping", RARE)).body
    assert "赵䶮" in body.decode("gb18030")
    for narrower in ("gb2312", "gbk"):
        with pytest.raises(UnicodeDecodeError):
            body.decode(narrower)


def test_the_body_ends_where_the_connection_does(world):
    with socket.create_connection(("127.0.0.1", world.ports[2])) as client:
        client.sendall(f"GET {COLUMN} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wire = b"".join(iter(lambda: client.recv(65536), b""))
    head = wire.partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.0 200 OK\r\n")
    assert b"Content-Length" not in head
    assert wire.endswith(b"</HTML>\n")


def test_relative_links_and_next_pages_lead_to_every_report(fetch, at, world):
    url, found = at("nanping", COLUMN), set()
    while url:
        text = fetch(url).body.decode("gb18030")
        found |= {urljoin(url, link) for link in re.findall(r'<TR><TD>·<A href="([^"]+)"', text)}
        onward = re.search(r'<A href="([^"]+)">下一页', text)
        url = urljoin(url, onward[1]) if onward else ""
    assert {each.url for each in world.expected if each.portal == "nanping"} < found
    assert len(found) == 13


def test_the_old_column_redirects_and_two_pages_redirect_to_one_another(fetch, at, world):
    crossings = {
        path: fetch(at("nanping", path)) for path in ("/gkml/nb.asp", "/gkml/a.asp", "/gkml/b.asp", "/gkml/out.asp")
    }
    assert {answer.status for answer in crossings.values()} == {302}
    targets = [urljoin(at("nanping", path), answer.headers["Location"]) for path, answer in crossings.items()]
    assert targets[:3] == [at("nanping", path) for path in ("/xxgk/nb/", "/gkml/b.asp", "/gkml/a.asp")]
    assert targets[3] in world.forbidden


def test_one_report_fails_once(fetch, at):
    assert [fetch(at("nanping", FLAKY)).status for _ in range(3)] == [500, 200, 200]


def test_of_one_report_the_organ_stands_in_the_breadcrumb_alone(fetch, at):
    text = fetch(at("nanping", ORGAN_IN_CRUMBS)).body.decode("gb18030")
    assert "<TITLE>首页</TITLE>" in text
    assert "<B>2016年政府信息公开工作年度报告</B>" in text
    assert "信息公开年报 > 区司法局</TD>" in text
    assert "来源:本站" in text


def test_one_report_is_misprinted_but_whole(fetch, at):
    text = fetch(at("nanping", MISPRINTED)).body.decode("gb18030")
    assert "</td>" not in text
    assert "<Td colspan=" in text
    assert len(re.findall(r"<Td>\d+(?=[<\n])", text)) == 10 + 175 + 15

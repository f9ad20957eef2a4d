import re
from urllib.parse import urljoin

from crawler.demo.trs import COLUMN

LINK = re.compile(r'<li><a href="([^"]+)" title="([^"]+)"')


def test_the_pages_of_a_list_are_known_to_its_script_alone(fetch, at, world):
    links = {}
    for name in ("", "index_1.html", "index_2.html"):
        text = fetch(at("yunchuan", COLUMN + name)).body.decode()
        number = int(re.search(r'createPageHTML\(3, (\d), "index", "html"\)', text)[1])
        assert name == (f"index_{number}.html" if number else "")
        assert not re.search(r'href="[^"]*index_', text)
        links |= {urljoin(at("yunchuan", COLUMN), path): title for path, title in LINK.findall(text)}
    here = {each.url for each in world.expected if each.url.startswith(at("yunchuan", COLUMN + "20"))}
    assert len(links) == 15
    assert here < links.keys()
    assert "云川区人民政府2023年政府网站工作年度报表" in links.values()


def test_a_report_has_metas_and_a_labelled_block_beside_a_frozen_date(fetch, at):
    text = fetch(at("yunchuan", COLUMN + "202401/t20240118_12345.html")).body.decode()
    assert '<meta name="ArticleTitle" content="云川区财政局2023年政府信息公开工作年度报告">' in text
    assert '<meta name="PubDate" content="2024-01-18 10:30">' in text
    assert "<th>发布机构:</th><td>云川区财政局</td>" in text
    assert "2019年12月3日" in text
    assert '<div class="TRS_Editor">' in text


def test_one_report_stands_in_its_pdf_alone(fetch, world):
    [row] = [each for each in world.expected if each.organ == "云川区望江街道办事处"]
    page = fetch(row.url).body.decode()
    file = fetch(row.attachments[0])
    assert "一、总体情况" not in page
    assert urljoin(row.url, re.search(r'href="(\./P0[^"]+)"', page)[1]) == row.attachments[0]
    assert file.headers["Content-Type"] == "application/pdf"
    assert "一、总体情况".encode("utf-16-be").hex().encode() in file.body


def test_one_report_is_published_twice_with_the_same_body(fetch, world):
    [again] = [each for each in world.expected if each.portal == "yunchuan" and each.copy_of]
    bodies = [fetch(url).body.decode().partition("TRS_Editor")[2] for url in (again.url, again.copy_of)]
    assert bodies[0] == bodies[1] != ""


def test_what_is_gone_answers_200(fetch, at):
    answer = fetch(at("yunchuan", COLUMN + "201903/t20190321_10377.html"))
    assert answer.status == 200
    assert "页面不存在" in answer.body.decode()


def test_home_links_what_must_not_be_followed(fetch, at, world):
    text = fetch(at("yunchuan", "/")).body.decode()
    links = {urljoin(at("yunchuan", "/"), link) for link in re.findall(r'href="([^"]+)"', text)}
    robots = fetch(at("yunchuan", "/robots.txt")).body.decode()
    assert {at("yunchuan", "/internal/zfxxgknb/2023.html"), at("elsewhere", "/zfxxgknb/")} <= links & set(
        world.forbidden
    )
    assert "Disallow: /internal/" in robots
    assert "Crawl-delay" not in robots
    assert all(any(link.startswith(trap) for link in links) for trap in world.traps)


def test_the_calendar_never_ends(fetch, at):
    path = "/calendar?month=2024-11"
    for following in ("2024-12", "2025-01", "2025-02"):
        path = re.search(r'href="(/calendar[^"]+)"', fetch(at("yunchuan", path)).body.decode())[1]
        assert path == f"/calendar?month={following}"


def test_pages_come_with_their_requisites(fetch, at):
    answers = [fetch(at("yunchuan", path)) for path in ("/images/site.css", "/images/logo.gif")]
    assert [answer.headers["Content-Type"] for answer in answers] == ["text/css", "image/gif"]
    assert answers[1].body.startswith(b"GIF89a")

"""One page has one key however it is spelled; two pages have two; twins are told from originals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.canonical import cleaned, page_key, twin_of

SITE = "http://www.a.gov.cn"
UUID = "5ee4b3c9-7ef4-4eca-83a3-b0c2ab2a0062"
HEX = "9682993c8daa2c5497996114facdc805"
DATAPROXY = f"{SITE}/module/web/jpage/dataproxy.jsp"
ONE_PAGE = [
    ("/", "https://www.a.gov.cn/"),
    ("/", "http://a.gov.cn"),
    ("/", "https://A.GOV.CN:443/"),
    ("/", "http://www.a.gov.cn:80"),
    ("/", "https://www.a.gov.cn:80/"),
    ("/zwgk/zfxxgknb/", "/zwgk/zfxxgknb"),
    ("/zwgk/zfxxgknb/", "/zwgk/./zfxxgk/../zfxxgknb/"),
    ("/govxxgk/SHSJ57//031c.html", "/govxxgk/SHSJ57/031c.html"),
    ("/年报/", "/%E5%B9%B4%E6%8A%A5/"),
    ("/zwgk/", "/zwgk/#content"),
    ("/xxgkAnnualReport.jsp?fbtime=2014&area=0010", "/xxgkAnnualReport.jsp?area=0010&fbtime=2014"),
    ("/list.do?id=7&page=2", "/list.do;jsessionid=0A1B2C3D4E5F.node1?page=2&id=7"),
    ("/list.do?id=7", "/list.do?id=7&JSESSIONID=0A1B2C3D4E5F60718293A4B5C6D7E8F9"),
    ("/list.do?id=7", "/list.do?jsessionid=short&id=7"),
    ("/list.php?id=7", f"/list.php?id=7&PHPSESSID={HEX[:26]}"),
    ("/list.asp?id=7", "/list.asp?id=7&ASPSESSIONIDQQCBRTSA=LKJHGFDSAPOIUYTREWQMNBVC"),
    ("/list.aspx?id=7", "/(S(lit3py55t21z5v55vlm25s55))/list.aspx?id=7"),
    ("/list.cfm?id=1234", "/list.cfm?id=1234&CFID=77123&CFTOKEN=4711"),
    ("/show.jsp?id=1234", f"/show.jsp?sid={HEX}&id=1234"),
    ("/show.jsp?id=1234", f"/show.jsp?id=1234&sessionid={HEX}"),
    ("/art_32749_3819650.html", f"/art_32749_3819650.html?sid={HEX}"),
    ("/art_32749_3819650.html", "/art_32749_3819650.html?isMobile=false"),
    ("/t20240130_3584566.html", "/t20240130_3584566.html?ddtab=true"),
    ("/t20240130_3584566.html", "/t20240130_3584566.html?print=1"),
    (f"/govxxgk/JA0/2024-02-20/{UUID}.html", f"/govxxgk/JA0/2024-02-20/{UUID}.html?type=2"),
    ("/col/col1229/index.html", "/col/col1229/index.html?utm_source=wx&utm_medium=x"),
    ("/col/col1229/index.html", "/col/col1229/index.html?from=timeline&isappinstalled=0"),
    ("/col/col1229/index.html", "/col/col1229/index.html?spm=a2c.1.0"),
    ("/api/all/721?page=2&sid=755001", "/api/all/721?sid=755001&page=2&_=1690000000000"),
    ("/api/list?page=2", "/api/list?page=2&rand=0.8231998123"),
    ("/api/list?page=2", "/api/list?t=1690000000000&page=2"),
    ("/unit?paramJson=%7B%22pageNo%22:1%7D", '/unit?paramJson={"pageNo":1}'),
]
TWO_PAGES = [
    ("/", "http://xxgk.a.gov.cn/"),
    ("/", "http://www.a.gov.cn:8080/"),
    ("/", "http://b.a.gov.cn/"),
    ("/zwgk/", "/zwgk/index.html"),
    ("/index.html", "/index.shtml"),
    ("/index.html", "/index_1.html"),
    ("/index_1.html", "/index_2.html"),
    ("/1.html", "/2.html"),
    ("/zfxxgknb.htm", "/zfxxgknb/1.htm"),
    ("/zwgk/zfxxgknb/2023n/", "/zwgk/zfxxgknb/2024n/"),
    ("/202501/t20250122_1.html", "/202501/t20250122_2.html"),
    ("/art/2022/3/9/art_32749_3819650.html", "/art/2022/3/9/art_32750_3819650.html"),
    ("/col/col1/index.html?uid=4892867&pageNum=1", "/col/col1/index.html?uid=4892867&pageNum=2"),
    ("/col/col1/index.html?uid=4892867&pageNum=1", "/col/col1/index.html?uid=4892868&pageNum=1"),
    ("/col/col1/index.html?number=Y001C001", "/col/col1/index.html?number=Y001C002"),
    ("/xxgkAnnualReport.jsp?fbtime=2014&area=0010", "/xxgkAnnualReport.jsp?fbtime=2015&area=0010"),
    ("/xxgkAnnualReport.jsp?fbtime=2014&area=0010", "/xxgkAnnualReport.jsp?fbtime=2014&area=0011"),
    ("/gkmlpt/index#/721", "/gkmlpt/index#/722"),
    ("/#/list", "/"),
    ("/#!list", "/"),
    ("/api/all/721?page=1&sid=755001", "/api/all/721?page=1&sid=755002"),
    ("/api/all/721?page=1", "/api/all/721?page=2"),
    (f"/details?sid={HEX}", f"/details?sid={HEX[::-1]}"),
    (f"/list?sid={HEX}&page=2", f"/list?sid={HEX[::-1]}&page=2"),
    ("/list?sessionid=3", "/list?sessionid=4"),
    ("/list?cfid=71", "/list?cfid=72"),
    ("/list?from=2019", "/list?from=2020"),
    ("/list?from=zfb", "/list?from=fgw"),
    ("/list?t=7", "/list?t=8"),
    ("/list?v=20240101", "/list?v=20250101"),
    ("/list.jsp?type=1", "/list.jsp?type=2"),
    ("/list.html?type=1", "/list.html?type=2"),
    (f"/article.html?infoid={UUID}", f"/article.html?infoid={UUID[:-1]}3"),
    ("/column?branch_id=1&column_code=52702", "/column?branch_id=2&column_code=52702"),
    ("/content_183867", "/content_183868"),
    ("/showList/12/0/page_1.html", "/showList/12/0/page_2.html"),
    ('/unit?paramJson={"pageNo":1}', '/unit?paramJson={"pageNo":2}'),
    ("/dirs/dept=1", "/dirs?dept=1"),
]


def absolute(path: str) -> str:
    return path if "://" in path else f"{SITE}{path}"


@pytest.mark.parametrize(("one", "other"), ONE_PAGE)
def test_spellings_of_one_page_have_one_key(one: str, other: str) -> None:
    assert page_key(absolute(one)) == page_key(absolute(other))


@pytest.mark.parametrize(("one", "other"), TWO_PAGES)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert page_key(absolute(one)) != page_key(absolute(other))


def test_answers_to_two_bodies_are_two_and_none_is_the_page() -> None:
    bodies = ["", "page=1&size=15", "page=2&size=15", '{"page":1}', '{"page":2}', '{"a":"#1"}', '{"a":"#2"}']
    assert len({page_key(DATAPROXY, body=body) for body in bodies}) == len(bodies)


def test_a_form_is_one_however_its_fields_are_ordered_and_stamped() -> None:
    sent = ["col=1&startrecord=1", "startrecord=1&col=1", "col=1&startrecord=1&_=1690000000000"]
    assert len({page_key(DATAPROXY, body=body) for body in sent}) == 1


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        (f"{SITE}/a;jsessionid=0A1B?x=1#top", f"{SITE}/a?x=1#top"),
        (f"{SITE}/a?utm_source=x", f"{SITE}/a"),
        (f"{SITE}/a?utm_source=x#/b", f"{SITE}/a#/b"),
        ("HTTP://www.A.gov.cn:80/./a/?b=2&a=1&&c", "HTTP://www.A.gov.cn:80/./a/?b=2&a=1&&c"),
        (f"{SITE}/a?", f"{SITE}/a?"),
        (f"{SITE}/art_1_3819650.html?isMobile=false&type=2", f"{SITE}/art_1_3819650.html?isMobile=false&type=2"),
        (f"{SITE}/年报?名=值", f"{SITE}/年报?名=值"),
    ],
)  # fmt: skip
def test_only_sessions_and_clicks_are_taken_from_what_is_asked_for(written: str, asked: str) -> None:
    assert cleaned(written) == asked


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"{SITE}/gate/big5/www.a.gov.cn/zwgk/", "gateway"),
        (f"{SITE}/zfxxgknb/202103/t20210322_9021055_wap.html", "mobile"),
        (f"{SITE}/content/mpost_2215440.html", "mobile"),
        (f"{SITE}/202103/t20210322_1_app.shtml", "mobile"),
        (f"{SITE}/content.html?id=1&isMobile=true", "mobile"),
        (f"{SITE}/wap/zfxxgknb/", "mobile"),
        ("http://wap.a.gov.cn/zfxxgknb/", "mobile"),
        (f"{SITE}/system/resource/code/news/click/clicktimes.jsp?wbnewsid=1", "counter"),
        (f"{SITE}/module/visitcount/articlehits.jsp?colid=1", "counter"),
        (f"{SITE}/content.jsp?id=1&print=1", "print"),
        (f"{SITE}/print.jsp?id=1", "print"),
    ],
)
def test_a_twin_is_told_with_its_reason(url: str, why: str) -> None:
    assert why in (twin_of(url) or "")


@pytest.mark.parametrize(
    "path",
    ["/zwgk/", "/content/post_2215440.html", "/content.html?isMobile=false", "/swap.html", "/gate/news/1.html",
     "/app.shtml", "/sprint/", "/blueprint.html", "/visitors.html", "/xxgk/click/"],
)  # fmt: skip
def test_a_page_of_its_own_is_no_twin(path: str) -> None:
    assert twin_of(f"{SITE}{path}", home=f"{SITE}/") is None


def test_a_portal_at_home_on_a_mobile_host_has_its_pages_there() -> None:
    page = "https://m.a.cn/news-17.html"
    assert twin_of(page) is twin_of(page, home="https://m.a.cn/") is None
    assert twin_of(page, home="https://www.a.cn/")
    assert twin_of("http://wap.a.cn/1.html", home="http://wap.a.cn/") is None


PARTS = st.sampled_from(
    ["http://", "https://", "a.gov.cn", "www.", ":80", ":x", "/", "//", ";jsessionid=", "?", "&", "=", "#", "#/", "sid",
     "_", "type", "2", "1690000000000", HEX, UUID, ".html", "utm_x", "(S(abcdefgh))", "[", "%", "%E5", "年", " ", "\0"]
)  # fmt: skip
PATHS = st.lists(PARTS, max_size=12).map("".join)


@given(path=PATHS, body=st.text(max_size=20))
def test_what_is_asked_for_has_the_key_of_what_was_linked(path: str, body: str) -> None:
    url = f"{SITE}/{path}"
    assert cleaned(cleaned(url)) == cleaned(url)
    assert page_key(cleaned(url), body=body) == page_key(url, body=body)


@given(url=st.one_of(st.text(max_size=60), PATHS))
def test_whatever_a_page_links_has_a_key_and_that_is_its_own(url: str) -> None:
    assert page_key(page_key(url)) == page_key(url)
    assert cleaned(cleaned(url)) == cleaned(url)
    assert twin_of(url) != "" != twin_of(url, home=url)

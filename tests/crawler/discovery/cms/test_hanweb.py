"""Hanweb JCMS: lists in CDATA, their proxies, and the searches of its module 信息公开."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.hanweb import read
from crawler.discovery.listing import Ask, Listing, Source

COLUMN = "https://a.cn/col/col123/index.html"
PROXY = "https://a.cn/module/web/jpage/dataproxy.jsp"
IDS = "columnid=123&unitid=4567&webid=3"
SEARCH = "https://a.cn/module/xxgk/search.jsp"
CALL = """<script>function s(a,b){loadDynamic('/module/xxgk/search.jsp?infotypeId='+a+'&vc_title='+encodeURI(b, 1)
+'&area=001008', 'div1326694', '0','0','','2237','','');}</script>"""
TABLE = '<tr class="tr_main_value_odd"><td><a href="/art/1.html">年报</a></td></tr>'


def records(*numbers: int) -> str:
    return "".join(f"<record><![CDATA[<li><a href='/art/{n}.html'>年报{n}</a></li>]]></record>" for n in numbers)


def store(inside: str, group: str = "") -> str:
    following = f"<nextgroup><![CDATA[<a href='{group}'></a>]]></nextgroup>" if group else ""
    return f"<datastore>{following}<recordset>{inside}</recordset></datastore>"


def unit(number: str, inside: str, options: str = "") -> str:
    script = f"<script>$('#{number}').jpage({{{options}}});</script>" if options else ""
    return f"<div id='{number}'><script type='text/xml'>{inside}</script></div>{script}"


def options(total: int, parameters: str = "{columnid:123,unitid:'4567',webname:'区政府'}") -> str:
    return (
        f"totalRecord:{total},perPage:2,groupSize:1,proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{parameters}"
    )


def first(text: str, url: str = COLUMN) -> Listing:
    [found] = read(Source(url=url, text=text))
    return found


def answer(text: str, query: str, *, page: int = 2, method: str = "GET", body: str = "", url: str = PROXY) -> Listing:
    asked = Ask(url=f"{url}?{query}", listing="hanweb 123/4567", page=page, method=method, body=body)
    [found] = read(Source(url=asked.url, text=text, media_type="text/xml", asked=asked))
    return found


def queries(found: Listing) -> list[tuple[str, str]]:
    return [(ask.method, ask.url.partition("?")[2]) for ask in found.further]


def test_rows_in_cdata_are_links_of_a_list_named_after_column_and_unit():
    found = first(unit("4567", store(records(1, 2)), options(2)))
    assert [(link.url, link.text) for link in found.links] == [
        (f"https://a.cn/art/{n}.html", f"年报{n}") for n in (1, 2)
    ]
    assert (found.name, found.page, found.rows, found.declared, found.further) == ("hanweb 123/4567", 1, 2, 2, ())


def test_rows_may_be_cells_of_a_table():
    found = first(unit("9", store('<record> <![CDATA[<tr><td><a href="/1">年报</a></td></tr>]]></record>')))
    assert [link.url for link in found.links] == ["https://a.cn/1"]


def test_units_on_one_page_are_lists_of_their_own():
    text = unit("1", store(records(1)), options(1)) + unit("2", store(records(2, 3)))
    found = [*read(Source(url="https://a.cn/", text=text))]
    assert [(each.name, each.rows) for each in found] == [("hanweb 123/1", 1), ("hanweb /2", 2)]


def test_uid_and_page_number_make_no_other_list():
    text = unit("4567", store(records(1)), options(5))
    assert first(text, f"{COLUMN}?uid=4567&pageNum=3") == first(text)


def test_the_next_group_is_followed_first_and_the_scripts_numbers_after_it():
    found = first(unit("4567", store(records(1, 2), f"/module/web/jpage/dataproxy.jsp?page=1&amp;{IDS}"), options(5)))
    group, posted, got = found.further
    assert (group.method, group.url, group.page) == ("GET", f"{PROXY}?page=1&{IDS}", 2)
    assert (posted.method, posted.url) == ("POST", f"{PROXY}?startrecord=3&endrecord=4&perpage=2")
    assert dict(parse_qsl(posted.body)) == {"columnid": "123", "unitid": "4567", "webname": "区政府"}
    assert dict(posted.headers)["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert (got.method, got.url) == ("GET", f"{posted.url}&{posted.body}")


def test_parameters_may_stand_in_a_variable():
    script = "<script>var param_4567={columnid:123,unitid:'4567'};</script>"
    found = first(script + unit("4567", store(records(1, 2)), options(5, "param_4567")))
    assert [ask.body for ask in found.further] == ["columnid=123&unitid=4567", ""]


def test_for_encrypted_ids_the_pages_own_are_put_in():
    secret = "appid=1&webid=3&columnid=9F0C&unitid=77AA"
    group, posted, _ = first(unit("4567", store(records(1), f"/module/jpage/dataproxy.jsp?page=1&{secret}"))).further
    assert group.url.endswith(secret)
    assert posted.url == "https://a.cn/module/jpage/dataproxy.jsp?startrecord=2&endrecord=2&perpage=15"
    assert dict(parse_qsl(posted.body)) == {"appid": "1", "webid": "3", "columnid": "123", "unitid": "4567"}


def test_a_unit_without_rows_is_asked_for_its_first_page():
    found = first("<div id='4567'></div><script>$('#4567').jpage({" + options(5) + "})</script>")
    assert (found.page, found.rows) == (0, 0)
    assert {ask.page for ask in found.further} == {1}
    assert queries(found)[0] == ("POST", "startrecord=1&endrecord=2&perpage=2")


@pytest.mark.parametrize(
    ("rows", "query", "following"),
    [
        ((3, 4), "startrecord=3&endrecord=4&perpage=2", ["startrecord=5&endrecord=5&perpage=2"]),
        ((5,), "startrecord=5&endrecord=5&perpage=2", []),
        ((), "startrecord=3&endrecord=4&perpage=2", []),
    ],
)
def test_numbers_go_on_to_the_total_in_the_way_that_was_answered(rows, query, following):
    text = f"<datastore><totalrecord>5</totalrecord><recordset>{records(*rows)}</recordset></datastore>"
    found = answer(text, query, method="POST", body=IDS)
    assert [ask.url.partition("?")[2] for ask in found.further] == following
    assert {(ask.method, ask.body, ask.page) for ask in found.further} <= {("POST", IDS, 3)}
    assert (found.declared, found.rows, found.trouble) == (5, len(rows), None)


def test_without_a_total_numbers_go_on_while_the_window_is_full():
    full = answer(store(records(3, 4)), "startrecord=3&endrecord=4&perpage=2")
    assert queries(full) == [("GET", "startrecord=5&endrecord=6&perpage=2")]
    assert answer(store(records(3)), "startrecord=3&endrecord=4&perpage=2").further == ()


def test_groups_go_on_by_the_next_group_and_count_where_it_leads_back():
    found = answer(store(records(3), f"/module/web/jpage/dataproxy.jsp?page=2&{IDS}"), f"page=2&{IDS}")
    assert queries(found) == [("GET", f"page=2&{IDS}"), ("GET", f"page=3&{IDS}")]
    assert (found.name, found.rows) == ("hanweb 123/4567", None)
    assert answer(store(records(3)), f"page=2&{IDS}").further == ()


def test_an_empty_answer_of_54_bytes_has_no_rows_and_is_no_trouble():
    found = answer("<datastore>\r\n<recordset>\r\n\r\n</recordset>\r\n</datastore>", "page=1")
    assert (found.links, found.further, found.rows, found.trouble) == ((), (), None, None)


@pytest.mark.parametrize(
    ("text", "links", "trouble"),
    [
        ("<html>系统繁忙</html>", 0, "no <datastore> in 17 characters: '<html>系统繁忙</html>'"),
        ("", 0, "no <datastore> in 0 characters: ''"),
        ("<datastore><recordset>" + records(1, 2)[:-5], 2, "cut off after 2 records"),
        ("<datastore><recordset>" + records(1, 2)[:-20], 1, "cut off after 1 records"),
        (store(records(1) + "<record><li>年报</li></record>"), 1, "1 of 2 records are broken"),
    ],
)
def test_a_broken_answer_gives_what_it_has_and_says_what_is_wrong(text, links, trouble):
    found = answer(text, "startrecord=1&endrecord=2&perpage=2")
    assert (len(found.links), found.trouble) == (links, trouble)


def test_a_proxys_address_that_was_linked_is_read_as_its_answer():
    [found] = read(Source(url=f"{PROXY}?page=1&{IDS}", text=store(records(1)), media_type="text/xml"))
    assert (found.name, len(found.links)) == ("hanweb 123/4567", 1)


def test_a_search_is_posted_for_as_the_pages_script_would():
    found = first(CALL)
    [ask] = found.further
    assert (found.page, ask.page, ask.method) == (0, 1, "POST")
    assert ask.url == f"{SEARCH}?infotypeId=&vc_title=&area=001008&currpage=1"
    told = {"infotypeId": "0", "jdid": "2237", "divid": "div1326694", "currpage": "1"}
    assert told.items() <= dict(parse_qsl(ask.body)).items()


def test_the_columns_address_may_say_what_kind_is_searched():
    [ask] = first(CALL, "https://a.cn/col/col9/index.html?number=Y001C001").further
    assert "infotypeId=Y001C001" in ask.body


def test_searches_are_turned_page_by_page_up_to_the_last():
    [ask] = first(CALL).further
    text = f"{TABLE}{TABLE.replace('odd', 'even')}<div>共&nbsp;5&nbsp;条记录 第1页 共<b>3</b>页</div>"
    for page in (1, 2, 3):
        assert (ask.page, dict(parse_qsl(ask.body))["currpage"]) == (page, str(page))
        assert dict(parse_qsl(urlsplit(ask.url).query))["currpage"] == str(page)
        [found] = read(Source(url=ask.url, text=text, asked=ask))
        assert (found.rows, found.declared, found.pages, found.links) == (2, 5, 3, ())
        assert found.name == ask.listing
        ask = found.further[0] if found.further else None
    assert ask is None


def test_a_search_that_stands_in_the_page_has_its_parameters_in_hidden_fields():
    fields = {"infotypeId": "C0202", "jdid": "3096", "area": "", "divid": "div12"}
    hidden = "".join(f'<input type="hidden" id="{name}" value="{value}">' for name, value in fields.items())
    [ask] = first(f"{hidden}<table>{TABLE}</table>共2页").further
    assert (ask.page, ask.url) == (2, f"{SEARCH}?currpage=2")
    assert fields.items() <= dict(parse_qsl(ask.body, keep_blank_values=True)).items()


def test_an_answer_to_a_search_that_is_none_is_told():
    [ask] = first(CALL).further
    [found] = read(Source(url=ask.url, text="<p>数据请求失败", asked=ask))
    assert (found.trouble, found.further) == ("no rows in 9 characters: '<p>数据请求失败'", ())
    [none] = read(Source(url=ask.url, text="共0条", asked=ask))
    assert (none.trouble, none.declared) == (None, 0)


def test_a_page_of_another_system_has_no_lists():
    assert [*read(Source(url="https://a.cn/x/search.jsp", text="<record>1</record><tr class=odd>"))] == []


OPENING = (
    "<datastore>",
    "<record>",
    "<![CDATA[",
    "<nextgroup>",
    "<totalrecord>",
    "<div id='1'>",
    "<a href=",
    "'x?page=1'>",
)
CLOSING = ("</datastore>", "</record>", "]]>", "</nextgroup>", "</totalrecord>", "9" * 30, "]]", "\0", "{", "})", "','")
SCRIPT = (
    "$('#1').jpage({",
    "ajaxParam:{",
    "totalRecord:",
    "proxyUrl:'http://['",
    "loadDynamic('/xxgk/search.jsp?",
    "共1页",
)
PARTS = st.sampled_from([*OPENING, *CLOSING, *SCRIPT, "tr_main_value_odd", "<input id=jdid value=1>", "dataproxy.jsp"])
PLACES = st.sampled_from(
    [COLUMN, f"{PROXY}?page=1", f"{PROXY}?startrecord=x&endrecord=", f"{SEARCH}?currpage=", SEARCH]
)


@given(st.lists(PARTS).map("".join), PLACES, st.booleans(), st.sampled_from(["utf-8", "gb18030", "klingon"]))
def test_no_answer_makes_it_raise(text, url, answered, charset):
    asked = Ask(url=url, listing="x", page=2) if answered else None
    for found in read(Source(url=url, text=text, asked=asked, charset=charset)):
        assert found.system == "hanweb"
        assert "\n" not in (found.trouble or "")


@pytest.mark.timeout(30)
@pytest.mark.parametrize("part", [*OPENING, "$('#1').jpage({", "loadDynamic('/search.jsp", "ajaxParam:{a:", "共1"])
def test_five_megabytes_of_one_thing_are_read_in_bounded_time(part):
    text = "<datastore>" + part * (5_000_000 // len(part))
    for url in (COLUMN, f"{PROXY}?page=1", SEARCH):
        assert len([*read(Source(url=url, text=text))]) <= 52

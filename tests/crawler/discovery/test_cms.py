"""Content systems: the lists that their markup conceals."""

from crawler.discovery.cms.hanweb import further_rows, hidden_markup
from crawler.discovery.cms.trs import further_pages
from crawler.discovery.links import links_of

BASE = "https://a.cn/col/col1/index.html"
DATASTORE = """<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=2&col=1"></a>]]></nextgroup>
<recordset><record><![CDATA[<li><a href="/art/1.html">年报</a><span>2024-01-18</span></li>]]></record>
<record> <![CDATA[<li><a href="/art/2.html">年报二</a></li>]]></record></recordset></datastore>"""


def test_trs_numbers_its_pages_from_the_second_on_in_order() -> None:
    html = '<script>createPageHTML(4, 0, "index", "html");</script>'
    pages = [url.rpartition("/")[2] for url in further_pages(html, BASE)]
    assert pages == ["index_1.html", "index_2.html", "index_3.html"]


def test_trs_reads_each_way_to_write_its_call() -> None:
    html = "createPageHTML( 2 ,1,'list','shtml') createPageHTML(1,0,'only','html') createPageHTML(x,0,'no','html')"
    assert [*further_pages(html, BASE)] == ["https://a.cn/col/col1/list_1.shtml"]


def test_hanweb_hides_its_rows_in_cdata() -> None:
    page = f"<div id=1><script type='text/xml'>{DATASTORE}</script></div>"
    texts = [link.text for link in links_of(hidden_markup(page), BASE)]
    assert texts == ["", "年报", "年报二"]


def test_hanweb_says_where_the_next_rows_are() -> None:
    rows = [*further_rows(hidden_markup(DATASTORE), BASE)]
    assert rows == ["https://a.cn/module/web/jpage/dataproxy.jsp?page=2&col=1"]


def test_a_page_of_another_system_hides_nothing() -> None:
    assert hidden_markup("<html><record>1</record></html>") is None
    assert [*further_rows(None, BASE)] == []
    assert [*further_pages("<html></html>", BASE)] == []

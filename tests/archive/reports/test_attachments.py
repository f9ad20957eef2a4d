import pytest

from archive.reports.attachments import Link, names_a_file
from tests.archive.reports.pages import PROSE, page

BASE = "https://www.songjiang.gov.cn/govxxgk/SHSJ43/2099-01-01/"


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ('<a href="./P020251207694651942582.pdf">附件</a>', BASE + "P020251207694651942582.pdf"),
        (
            '<a href="/module/download/downfile.jsp?filename=1.doc">附件</a>',
            "/module/download/downfile.jsp?filename=1.doc",
        ),
        ('<a href="/attachment/0/88/88389/963149.pdf">附件</a>', "/attachment/0/88/88389/963149.pdf"),
        ('<a href="/js/viewer.html?file=/d/2023.ofd">附件</a>', "/d/2023.ofd"),
        ('<a href="#" onclick="window.open(\'/d/2023.wps\')">附件</a>', "/d/2023.wps"),
        ("<a href=\"javascript:window.open('/d/2023.XLS')\">附件</a>", "/d/2023.XLS"),
        ('<iframe src="/d/2023.pdf"></iframe>', "/d/2023.pdf"),
        ('<embed src="/d/2023.pdf">', "/d/2023.pdf"),
        ('<object data="/d/2023.docx"></object>', "/d/2023.docx"),
        ('<a href="http://other.gov.cn/d/2023.zip?v=1">附件</a>', "http://other.gov.cn/d/2023.zip?v=1"),
    ],
)
def test_every_form_of_attachment_is_found(markup: str, address: str) -> None:
    found = [link.url for link in page("标题", PROSE + markup).links]
    assert found == [address if address.startswith("http") else "https://www.songjiang.gov.cn" + address]


def test_attachment_beside_the_article_is_its_own() -> None:
    beside = '<ul><li><a href="a.pdf" title="全文"> 附件 1 </a></ul>'
    assert page("标题", f'<div id="content"><div class="TRS_Editor">{PROSE}</div>{beside}</div>').links == (
        Link(url=BASE + "a.pdf", text="附件 1", title="全文"),
    )


def test_each_address_counts_once() -> None:
    assert len(page("标题", PROSE + '<a href="a.pdf">图标</a><a href="a.pdf">附件</a>').links) == 1


@pytest.mark.parametrize(
    "target", ["/2023.html", "javascript:void(0)", "mailto:a.pdf", "http://[bad.pdf", "file:///a.pdf"]
)
def test_what_is_no_file_on_the_web_is_left_out(target: str) -> None:
    assert page("标题", PROSE + f'<a href="{target}">附件</a>').links == ()


def test_base_element_moves_relative_addresses() -> None:
    based = page("标题", PROSE + '<a href="a.pdf">附件</a>', head='<base href="https://cdn.gov.cn/x/">')
    assert [link.url for link in based.links] == ["https://cdn.gov.cn/x/a.pdf"]


def test_only_the_path_names_a_file() -> None:
    assert names_a_file("https://a.gov.cn/x.PDF?y=1")
    assert not names_a_file("https://a.gov.cn/x?y=1.pdf#z.pdf")

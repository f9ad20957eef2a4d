"""An address is one string, on the page and over the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from archive.reports.address import address

BASE = "http://a.gov.cn/zwgk/nb/index.html"


@pytest.mark.parametrize(
    ("target", "charset", "asked"),
    [
        ("1.pdf", "utf-8", "http://a.gov.cn/zwgk/nb/1.pdf"),
        (" ../1.pdf\n", "utf-8", "http://a.gov.cn/zwgk/1.pdf"),
        ("1.pdf#page=2", "utf-8", "http://a.gov.cn/zwgk/nb/1.pdf"),
        ("附件 1.pdf", "utf-8", "http://a.gov.cn/zwgk/nb/%E9%99%84%E4%BB%B6%201.pdf"),
        ("附件.pdf?名=报", "gb18030", "http://a.gov.cn/zwgk/nb/%E9%99%84%E4%BB%B6.pdf?%C3%FB=%B1%A8"),
        ("%E9%99%84.pdf", "gb18030", "http://a.gov.cn/zwgk/nb/%E9%99%84.pdf"),
        ("//b.gov.cn/x", "utf-8", "http://b.gov.cn/x"),
        ("https://中国.gov.cn/x", "utf-8", "https://xn--fiqs8s.gov.cn/x"),
    ],
)
def test_an_address_is_what_a_browser_asks_for(target: str, charset: str, asked: str) -> None:
    assert address(target, base=BASE, charset=charset) == asked


@pytest.mark.parametrize(
    "target", ["javascript:void(0)", "mailto:a@b.cn", "http://[", "http://a.cn:99999999/", "ftp://a/"]
)
def test_what_is_no_address_of_the_web_is_none(target: str) -> None:
    assert address(target, base=BASE, charset="utf-8") is None


@given(st.text(max_size=40))
def test_the_crawler_asks_for_the_very_address(target: str) -> None:
    found = address(target, base=BASE, charset="utf-8")
    if found is not None:
        assert Request(found).url == found

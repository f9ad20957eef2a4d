import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reports.charset import decode

TEXT = "北京市朝阳区政府信息公开工作年度报告"


def test_byte_order_mark_outranks_the_header() -> None:
    assert decode(codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=gbk") == (TEXT, "utf-8")


def test_header_outranks_the_meta() -> None:
    stated = f'<meta charset="utf-8">{TEXT}'
    assert decode(stated.encode("gb18030"), 'text/html; charset="GBK"') == (stated, "gb18030")


def test_meta_counts_where_the_header_is_silent() -> None:
    stated = f'<meta http-equiv="Content-Type" content="text/html; charset=big5">{"區政府"}'
    assert decode(stated.encode("big5"), "text/html") == (stated, "big5")


def test_gb2312_is_read_as_its_superset() -> None:
    assert decode("镕基㙍".encode("gb18030"), "text/html; charset=gb2312") == ("镕基㙍", "gb18030")


@pytest.mark.parametrize("stated", [None, "text/html", "text/html; charset=iso-8859-1", "text/html; charset=no-such"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_unstated_charset_is_detected(stated: str | None, charset: str) -> None:
    assert decode(TEXT.encode(charset), stated) == (TEXT, charset)


def test_false_statement_gives_way_to_a_true_one() -> None:
    stated = f'<meta charset="gb2312">{TEXT}'
    assert decode(stated.encode("gbk"), "text/html; charset=utf-8") == (stated, "gb18030")


def test_payload_cut_inside_a_character_keeps_the_rest() -> None:
    assert decode(TEXT.encode()[:-1], None) == (TEXT[:-1], "utf-8")


@given(payload=st.binary(), content_type=st.none() | st.text())
def test_no_bytes_make_it_raise(payload: bytes, content_type: str | None) -> None:
    text, charset = decode(payload, content_type)
    assert codecs.lookup(charset).name == charset
    assert isinstance(text, str)


@pytest.mark.parametrize("codec", ["rot13", "base64", "idna", "punycode", "unicode_escape", "utf-7", "undefined"])
def test_codecs_that_are_no_charsets_are_not_used(codec: str) -> None:
    assert decode(TEXT.encode(), f"text/html; charset={codec}") == (TEXT, "utf-8")

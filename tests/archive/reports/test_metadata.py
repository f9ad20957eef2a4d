import pytest

from archive.reports.metadata import breadcrumb, labelled
from tests.archive.reports.pages import PROSE, page


@pytest.mark.parametrize(
    "fragments",
    [
        "发布机构:松江区财政局",
        "发布机构:\n松江区财政局",
        "发布机构\n松江区财政局\n",
        "发 布 机 构\uff1a 松江区财政局",
        "[发布机构] \uff1a松江区财政局",
        "索引号:1 发布机构:松江区财政局 浏览次数:12",
    ],
)
def test_labels_are_read_however_they_are_laid_out(fragments: str) -> None:
    assert labelled(fragments)["发布机构"] == "松江区财政局"


def test_label_without_a_value_takes_no_other_labels() -> None:
    assert labelled("索引号:\n文号:\n发布机构:\n松江区财政局\n") == {"发布机构": "松江区财政局"}


def test_labels_within_sentences_are_prose() -> None:
    assert labelled("本报告的发布机构应当在规定的发布日期前发布") == {}


@pytest.mark.parametrize(
    "fragments",
    [
        "当前位置:\n首页\n>\n政务公开\n>\n年报\n正文",
        "您现在的位置\uff1a首页 > 政务公开 > 年报\n正文",
        "您的位置:\n首页>\n政务公开>\n年报\n正文",
        "所在位置:首页\n»政务公开\n»年报\n正文",
    ],
)
def test_breadcrumb_ends_where_no_separator_follows(fragments: str) -> None:
    assert breadcrumb(fragments) == ["首页", "政务公开", "年报"]


def test_page_without_a_breadcrumb_has_none() -> None:
    assert breadcrumb("首页\n>\n政务公开") == []


def test_first_meta_that_says_anything_counts() -> None:
    metas = (
        '<meta name="PubDate" content="">',
        '<META NAME="pubdate" CONTENT="2024-01-20 10:00">',
        '<meta name="PubDate" content="x">',
    )
    head = "".join(metas)
    assert page("标题", PROSE, head=head).metas["pubdate"] == "2024-01-20 10:00"

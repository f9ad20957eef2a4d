import pytest

from archive.reports.column import another, hints_reports, proper, says_reports


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("区教育局政务公开", "政务公开"),
        ("退役军人事务部 政府信息公开年报", "政府信息公开年报"),
        ("更多>>", ""),
        ("【公开年报】", "公开年报"),
        ("区财政局", "区财政局"),
        ("部门信息公开", "部门信息公开"),
    ],
)
def test_the_labels_own_words_are_without_whose_column_it_is(label: str, words: str) -> None:
    assert proper(label) == words


@pytest.mark.parametrize(
    "label", ["区统计局信息公开年报", "政府信息公开工作年度报告", "政府信息公開年報", "政务公开年度报告"]
)
def test_a_label_may_say_so_in_full(label: str) -> None:
    assert says_reports(label)


@pytest.mark.parametrize("label", ["年报", "2018 年报", "年度报告", "乡镇年报"])
def test_a_label_may_only_hint_at_reports(label: str) -> None:
    assert (says_reports(label), hints_reports(label)) == (False, True)


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("政府网站工作年度报表", "网站工作年度报表"),
        ("法治政府建设年度报告", "法治"),
        ("行政执法统计年报", "执法"),
        ("事业单位法人年度报告", "法人"),
        ("政府信息公开年报编制要求", "编制"),
    ],
)
def test_a_word_may_make_it_another_columns_label(label: str, word: str) -> None:
    assert another(label) == word
    assert not says_reports(label)
    assert not hints_reports(label)

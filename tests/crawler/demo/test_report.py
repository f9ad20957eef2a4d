from dataclasses import replace

import pytest

from crawler.demo.report import SECTIONS, District, blocks, lines

DISTRICT = District(city="东海市", name="云川区", website="http://www.yunchuan.example")


def test_organs_are_named_in_full():
    assert DISTRICT.organ("区财政局") == "云川区财政局"
    assert DISTRICT.organ("白石镇人民政府") == "云川区白石镇人民政府"


@pytest.mark.parametrize(("year", "rows_otherwise"), [(2019, 0), (2020, 0), (2021, 3), (2024, 3)])
def test_since_2019_there_are_six_sections_in_the_form_of_the_year(year, rows_otherwise):
    text = lines(blocks(DISTRICT.report("区财政局", year, 2)))
    assert [line for line in text if line in SECTIONS] == list(SECTIONS)
    otherwise = text[text.index("(六)其他处理") + 1 : text.index("(七)总计")]
    assert sum(not line.isdecimal() for line in otherwise) == rows_otherwise
    assert ("第二十条第(九)项" in text) is (year < 2021)


@pytest.mark.parametrize(("year", "annexed"), [(2012, False), (2016, True)])
def test_before_2019_a_report_is_free_chapters(year, annexed):
    text = lines(blocks(DISTRICT.report("区财政局", year, 2)))
    assert {"一、概述", "四、收费及减免情况", "五、行政复议、行政诉讼情况"} < set(text)
    assert ("指标名称" in text) is annexed


def test_a_correction_changes_one_line():
    report = DISTRICT.report("区财政局", 2023, 5)
    before, after = lines(blocks(report)), lines(blocks(replace(report, correction=1)))
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [("60", "61")]

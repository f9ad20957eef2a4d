import re

import pytest

from crawler.demo.aggregator import masked


def copies(world):
    return [each for each in world.expected if each.portal == "zhaobiao"]


def paragraphs(page):
    return re.findall(r"<p>(.*)</p>", page.partition('<div class="content">')[2].partition("</div>")[0])


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("见东海市云川区网站(http://www.yunchuan.example)", "见 (略) 云川区网站(http://**.cn)"),
        ("回应市场主体", "回应 (略) 场主体"),
        ("公开队伍", "公开队*"),
        ("电话:8800-6065。", "电话:*-6065。"),
    ],
)
def test_masks_fall_in_mid_word(line, left):
    assert masked(line) == left


def test_a_masked_copy_is_printed_twice_with_the_tail_of_its_original(fetch, world):
    [row] = [each for each in copies(world) if each.organ == "澄湖区财政局"]
    lines = paragraphs(fetch(row.url).body.decode())
    half = len(lines) // 2
    assert lines[:half] == lines[half:]
    assert lines[half - 3 : half] == [f"相关链接:{row.copy_of.rpartition('/')[2]}", "附件:", "附件:"]
    assert sum(line.isdecimal() for line in lines[:half]) == 10 + 175 + 15
    assert any("(略)" in line for line in lines)


def test_one_copy_is_word_for_word(fetch, world):
    [row] = [each for each in copies(world) if each.organ == "澄湖区人民政府办公室"]
    copy, original = fetch(row.url).body.decode(), fetch(row.copy_of).body.decode()
    body = original.partition('class="bt_content">\n')[2].partition("\n\n</div>")[0]
    assert len(body) > 5000
    assert body in copy


def test_of_one_copy_there_is_no_original(fetch, world):
    [row] = [each for each in copies(world) if each.copy_of is None]
    assert (row.organ, row.year) == ("云川区统计局", 2018)
    assert [each for each in world.expected if (each.organ, each.year) == (row.organ, row.year)] == [row]


def test_lists_mix_copies_with_tender_news(fetch, at, world):
    text = "".join(fetch(at("zhaobiao", f"/news-list-{number}.html")).body.decode() for number in (1, 2))
    assert all(each.url.removeprefix(at("zhaobiao", "")) in text for each in copies(world))
    assert "招标公告" in text

"""What the words of an article speak for, whatever its title says.

    statutory      the tables every report since 2019 has: 第二十条第(…)项 and the 勾稽关系 of applications
    sections       the headings that those reports have even where their tables are pictures
    free form      the chapters that reports of 2008 to 2018 are divided into
    a guide        how to ask for information: the same chapters, and no report
    a list         lines that are titles of reports, and nothing else
    an error page  few words, and those of a server that has nothing to show
    a template     a year or an organ left to be filled in

`text` is always an article's normal form (no white space, NFKC); `body` its lines.
"""

import re

from archive.reports.organ import looks_like_organ
from archive.reports.script import plain

_STATUTORY = re.compile(r"勾稽关系|第二十条第\(?[一五六八九]\)?项")
_CHAPTERS = ("概述", "主动公开", "依申请公开", "收费", "复议", "诉讼", "存在的主要问题", "改进")
_SECTIONS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请",
    "行政复议、行政诉讼情况",
    "主要问题及改进情况",
    "其他需要报告的事项",
)
_SECTIONS_ENOUGH = 3
_GUIDE = re.compile(r"本《?指南")
_GUIDE_WITHIN = 600
_PERIODS = (
    re.compile(r"(?:统计|数据|时间|起止)(?:期限|时间|范围|区间)[^。]{0,12}?(20\d\d)(?:年|[.])0?\d{1,2}(?:月|[.])"),
    re.compile(
        r"(20\d\d)(?:年|[./])0?[1-9](?:月|[./])0?1日?(?:起|开始)?,?[至到—–~-]+(?:20\d\d(?:年|[./])|当年|同年)?12(?:月|[./])31"
    ),
    re.compile(r"(20\d\d)年1月[至到—–~-]12月"),
)
_YEAR_NAMED = re.compile(r"(20\d\d)年(?:,|度?(?:政府|政务)?信息公开|度?(?:工作)?报告|度,)")
_YEAR_NAMED_WITHIN = 800
MISSING = re.compile(
    r"(?<!\d)404(?!\d)|页面不存在|页面(?:无法|未)找到|找不到(?:您|该|你|页面)|不存在或已|已被?删除|已下线|无法访问"
)
BARRED = re.compile(r"访问(?:过于|受限|被)|请求异常|安全验证|请开启JavaScript|人机验证|非法请求|WAF")
MAINTAINED = re.compile(r"(?:系统|网站)(?:升级|停机)?维护(?:中|公告|期间|,)|正在维护|升级维护|正在建设")
_ERROR = re.compile(f"{MISSING.pattern}|{BARRED.pattern}|{MAINTAINED.pattern}|服务器错误")
_ERROR_WITHIN = 400
_CIRCULAR = re.compile(
    r"各省、自治区|各市、?县|各(?:区|县|市|镇|乡|街道)[^。]{0,40}(?:单位|部门|政府)[^。]{0,12}:|现印发给你们"
)
_CIRCULAR_WITHIN = 400
_BLANK = re.compile(r"20(?:[xX×]{2}|__)年|[xX×]{2,}(?:区|县|市|局|镇)(?:人民)?政府")
_STARS = re.compile(r"\*+(?=[\u4e00-\u9fff.-])")
_MASKS_ENOUGH = 2
_LIST_LINE = re.compile(r"信息公开.{0,14}(?:报告|年报)")
_SENTENCES = re.compile("[\uff0c,。;\uff1b]")
_LONG_LINE = 30
_TITLE_LINE = 60
_COMPILER = re.compile(
    r"(?:由|现公布|现将|现?(?:面?向社会公[布开])|请(?:直接)?(?:与|向|联系))(?:20\d\d年度?)?"
    r"(?P<organ>[\u4e00-\u9fff()]{2,30}?(?:局|委员会|办公室|政府|街道办事处|街道|镇|乡|委|中心|管委会))"
    r"(?:根据|按照|编制|(?:政务|信息)公开|20\d\d年|联系|办公室|,|\()"
)
_COMPILER_WITHIN = 1200
_DISTRICT = re.compile(
    r"(?:(?<=[从在至到由于市省州,。(:)])|^)((?:[^\W\d_省市县区从在至到由于]{2,6})(?:区|县|市))(?:人民)?政府(?:门户)?网"
)


def is_statutory(text: str) -> bool:
    return len({match[0] for match in _STATUTORY.finditer(text)}) > 1


def has_tables(text: str) -> bool:
    return _STATUTORY.search(text) is not None


def is_free_form(text: str) -> bool:
    return sum(chapter in text for chapter in _CHAPTERS) >= len(_CHAPTERS) // 2


def has_sections(text: str) -> bool:
    return sum(section in text for section in _SECTIONS) >= _SECTIONS_ENOUGH


def is_of_report(text: str) -> bool:
    return is_statutory(text) or has_sections(text) or (is_free_form(text) and not is_guide(text))


def is_guide(text: str) -> bool:
    return _GUIDE.search(text[:_GUIDE_WITHIN]) is not None


def period(text: str) -> int | None:
    """The year of which the article says that its figures cover it."""
    found = next((match for pattern in _PERIODS if (match := pattern.search(text))), None)
    return int(found[1]) if found else None


def year_named(text: str) -> int | None:
    found = _YEAR_NAMED.search(text[:_YEAR_NAMED_WITHIN])
    return int(found[1]) if found else None


def is_error(text: str) -> bool:
    return len(text) < _ERROR_WITHIN and _ERROR.search(text) is not None


def is_circular(text: str) -> bool:
    return _CIRCULAR.search(text[:_CIRCULAR_WITHIN]) is not None


def is_template(text: str) -> bool:
    return _BLANK.search(text) is not None


def is_masked(text: str) -> bool:
    return text.count("(略)") + len(_STARS.findall(text)) >= _MASKS_ENOUGH


def is_repeated(body: str) -> bool:
    """Republishers print an article twice; tables repeat short lines by nature, prose does not."""
    prose = [line for line in body.split("\n") if len(line) >= _LONG_LINE and "\t" not in line]
    return len(prose) > 1 and len(set(prose)) <= 0.6 * len(prose)


def prose(body: str) -> str:
    """The article's sentences and rows, without lines that only name reports: nothing is left of a list or a menu."""
    return "".join(line for line in body.split("\n") if len(line) > 90 or _says(line))


def _says(line: str) -> bool:
    return "\t" in line or (_SENTENCES.search(line) is not None and not _LIST_LINE.search(line))


def reports_named(body: str) -> int:
    """How many different lines are titles of reports."""
    lines = {line for line in body.split("\n") if len(line) <= _TITLE_LINE and not _SENTENCES.search(line)}
    return sum(_LIST_LINE.search(line) is not None for line in lines)


def compiler(text: str) -> str:
    """The organ of which the article's first sentences say that it wrote it; empty if they do not."""
    found = _COMPILER.search(text[:_COMPILER_WITHIN])
    return found["organ"] if found and "公开" not in found["organ"] else ""


def district(text: str) -> str:
    """The division on whose government's site the article says it is published; empty if it does not say."""
    found = _DISTRICT.search(text)
    return found[1] if found else ""


def signature(body: str) -> str | None:
    """The organ that stands alone on one of the article's last or first lines."""
    lines = body.split("\n")
    ends = [line for line in lines[:-6:-1] + lines[:3] if "\t" not in line and len(line) <= 30]
    return next((line for line in ends if looks_like_organ(plain(line))), None)

"""What a title alone tells: whether it names a report, whose and of which year.

    [prefix] [organ] [year] (政府|政务)信息公开 [工作] [年度] (报告|年报) [suffix]        organ and year in either order

A notice, an interpretation, a rule or a template names a report too, in words before or after it: those refuse. A page
that only prints such a title somewhere is another matter; what the page holds is for `archive.reports.recognition`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archive.reports.column import another, says_reports
from archive.reports.organ import Organ, Site, home_of, looks_like_organ, organ_of, organ_of_site
from archive.reports.script import plain

_PARTS = re.compile(r"\s*(?:[_|\uff5c丨»]+|\s[>\uff1e-]\s|[–—-]+(?=\s*[\u4e00-\u9fff]))\s*")
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|ofd|zip|html?)$", re.IGNORECASE)
_YEAR = r"(?:20[0-4]\d|二[〇○零0O]{1,2}[〇○零一二三四五六七八九]{1,2}十?[一二三四五六七八九]?)"
_REPORT = re.compile(
    rf"(?P<before>.*?)(?:政府信息[与和及、])?(?:政府|政务)*(?:(?:信息)+(?:主动)?公开|政务公开|公开政府信息)(?:的|工作|情况|年度|总结|度|{_YEAR}年?)*"
    r"(?:年报告|报告|年报|年度报)+(?P<after>.*)"
)
_SHORT = re.compile(r"(?P<before>.*?)(?:年度工作报告|年度报告|年报)(?P<after>.*)")
_MASKED = re.compile(r"(?P<before>年?度?)(?P<rest>[政府信息公开工作年度报告*]{8,})")
_IN_FULL = "政府信息公开工作年度报告"
_DATED = re.compile(r"20\d\d年?度?")
_YEARS = re.compile(rf"(?P<year>{_YEAR})(?:年度|年|度)?(?=\D|$)")
_ISSUED = re.compile(r"关于(?:印发|公布|发布|公开|报送|上报)《?")
_ISSUE_ENDS = re.compile(r"》?的(?:通知|公告|通告|函|报告)$")
_SUBMITTED = re.compile(r"报送|上报")
_SUFFIX = re.compile(r"[》」\"”]?书?(?:[(\[【〔].*[)\]】〕]|\d{0,2}|全文|正文)[》」\"”]?$")
_NOT_ONESELF = re.compile(r"范文|模板|样本|样例|样式|示例|参考|征求意见|草案|汇编|格式|精选|\d篇|[xX×○]{2}")
_NOTICE = re.compile(
    r"通知|通报|做好|编制|报送|要求|制度|办法|规定|指南|考核|评估|评议|培训|会议|工作方案|提醒|开展|部署|督查|召开"
)
# in front of 关于 stands an organ, and some organs are named after such work (机构编制委员会, 住房制度改革办公室)
_NOTICE_FOR_SURE = re.compile(r"通知|通报|做好|报送|(?<!住房)制度|指南|提醒")
_INTERPRETED = re.compile(r"图解|图说|一图|读懂|解读|看懂|动漫|漫画|长图|图表|海报|数说|数读|H5|视频")
_SCHOOL = re.compile(r"学年|(?:大学|学院|学校|中学|小学|幼儿园|[一二三四五六七八九十附]中)(?:关于)?$")
_NEWS = re.compile(r"^(?!.*关于).*(?:发布|公布|晒出?|亮出|交出|推出)$")
_EDITION = re.compile(
    r"[(\[【](?:文字|音频|语音|盲文|PDF|无障碍|图文)[^)\]】]*[)\]】]|^[(\[【][^)\]】]*(?:公开|年报|置顶|最新)[)\]】]|^附件\d*[:.、]?|^\d{1,3}[.、]|^0\d(?=[\u4e00-\u9fff])"
)
_EDGES = re.compile(
    r"^(?:关于|公布|发布|年度|[:,《【\[\]】()、·的])+|(?:关于|公布|发布|年度|年|[:,《【\[\]】(、·的])+$"
)
_FOREWORD = re.compile(r"^.*[:】\]]")
_PLAIN_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_JOINT = re.compile(r"(?<=[局会室处厅部])\s+(?=[\u4e00-\u9fff]{2,8}(?:省|市|区|县))")
_SUBJECT = re.compile(r"(?:环境|企业|财政|预算|决算|财务|院务|校务|教育|信用|项目|统计)$")
_NAMELESS = re.compile(
    r"^(?:我|本)?(?:局|委|办|厅|处|院|镇|乡|街道?|中心|单位|部门|机关|各.*|历年|历史|往年|.*(?:部门|单位|乡镇|镇街))?$"
)
_BRACKETED = re.compile(r"[(【](?P<within>[^()【】]+)[)】]")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAReport:
    """`reason`: a short, stable phrase."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleReading:
    """`within` is the province or city above the organ's division as far as known; may be empty."""

    organ: str
    organ_as_written: str
    within: str
    year: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A title that names a report, perhaps without saying whose or of which year."""

    title: str
    organ: str | None
    year: int | None


_LONGEST = 300
SILENT = NotAReport(reason="title names no report")
_NAMES_INTERPRETATION = NotAReport(reason="title names an interpretation of a report")
_NAMES_SCHOOL = NotAReport(reason="title names a school's report")
_NAMES_NOTICE = NotAReport(reason="title names a notice about reports")
_NAMES_TEMPLATE = NotAReport(reason="title names a template of reports")
_NAMES_OTHER = NotAReport(reason="title names something about a report")


def recognise_title(
    title: str, *, site: Site | None, column: str | None = None, trail: Sequence[str] = ()
) -> TitleReading | NotAReport:
    """To steer by before a page is fetched. `column` is the label of the column that the title was found in, `trail`
    the labels of those that led there, the nearest first."""
    named = read_title(title, trail=(*filter(None, (column,)), *trail))
    return named if isinstance(named, NotAReport) else _reading(named, site, (*filter(None, (column,)), *trail))


def recognise_file(title: str, *, site: Site, trail: Sequence[str]) -> TitleReading | NotAReport:
    """For a report that exists only as a file, by the words of the link to it. In a column of reports an organ's name
    will do, and the year may be the column's."""
    named = read_title(title, trail=trail)
    if named == SILENT and any(map(says_reports, trail)):
        named = read_bare(title)
    if isinstance(named, NotAReport):
        return named
    return _reading(named if named.year is not None else replace(named, year=year_among(trail)), site, trail)


def read_bare(title: str) -> Named | NotAReport:
    """Of a page in a column of reports: whether it is titled with no more than an organ, a year, or both."""
    part = _PARTS.split(_FILE.sub("", " ".join(title[:_LONGEST].split())))[0]  # what follows is the site's
    text = "".join(plain(part).split())
    years = _YEARS.search(text)
    left = _EDGES.sub("", _YEARS.sub("", text, count=1))
    if looks_like_organ(left) or (years and not left):
        return Named(title=part.strip(), organ=left or None, year=_number(years["year"]) if years else None)
    return SILENT


def year_among(labels: Iterable[str]) -> int | None:
    """The year after which a column is called: 2023年, 2023年度公开年报."""
    found = (_YEARS.search(plain(label)) for label in labels)
    return next((_number(match["year"]) for match in found if match), None)


def _reading(named: Named, site: Site | None, trail: Sequence[str]) -> TitleReading | NotAReport:
    if named.year is None:
        return NotAReport(reason="no year named")
    organ = _whose(named, site, trail)
    if organ is None:
        return NotAReport(reason="no organ named")
    return TitleReading(
        organ=organ.name, organ_as_written=organ.written, within=organ.within, year=named.year, title=named.title
    )


def read_title(title: str, *, trail: Sequence[str] = ()) -> Named | NotAReport:
    """`trail`: the labels of the columns that the title stands in; one of reports makes 2023年年报 title enough."""
    short = any(map(says_reports, trail))
    whole = _FILE.sub("", " ".join(title[:_LONGEST].split()))
    parts = list(filter(None, _PARTS.split(whole)))
    readings = [_part(part, short=short) for part in parts]
    named = [reading for reading in readings if isinstance(reading, Named)]
    refusals = [reading for reading in readings if isinstance(reading, NotAReport) and reading != SILENT]
    if not named:
        return refusals[0] if refusals else SILENT
    ahead = plain(whole.partition(named[0].title)[0])
    if _INTERPRETED.search(ahead):
        return _NAMES_INTERPRETATION
    dated = next((reading for reading in named if reading.year is not None), None)
    return dated or replace(named[0], year=year_among(part for part in parts if _DATED.fullmatch(part)))


def _whose(named: Named, site: Site | None, trail: Sequence[str]) -> Organ | None:
    written = named.organ or next(filter(looks_like_organ, trail), None)
    if written is not None:
        return organ_of(written, home_of(site))
    return organ_of_site(site) if site is not None else None


def _part(part: str, *, short: bool) -> Named | NotAReport:
    text = _EDITION.sub("", "".join(_JOINT.sub("、", plain(part)).replace("(略)", "").split()))
    if "*" in text:
        text = _MASKED.sub(_unmasked, text)
    match = _REPORT.fullmatch(text)
    if match is None:
        return _shortened(part, text) if short else SILENT
    before, after = match["before"], match["after"]
    if before.endswith("人民"):
        before += "政府"  # 松江区人民政府信息公开年报: the word serves twice
    if text[len(match["before"]) :].startswith("信息") and _SUBJECT.search(before):
        return SILENT  # information on the environment, on enterprises
    return _refused(before, after) or _named(part, text, before, after)


def _unmasked(match: re.Match[str]) -> str:
    rest = iter(_IN_FULL)
    fits = "*" in match["rest"] and all(character in rest for character in match["rest"].replace("*", ""))
    return match["before"] + _IN_FULL if fits else match[0]


def _shortened(part: str, text: str) -> Named | NotAReport:
    match = _SHORT.fullmatch(text)
    if match is None or another(match["before"]):
        return SILENT
    if not _YEARS.search(match["before"] + match["after"]) and not looks_like_organ(match["before"]):
        return SILENT
    return _refused(match["before"], match["after"]) or _named(part, text, match["before"], match["after"])


def _refused(before: str, after: str) -> NotAReport | None:
    issued = _ISSUED.search(before)
    ends = _ISSUE_ENDS.search(after) if issued else None
    if issued and _SUBMITTED.search(issued[0]) and not (ends and ends[0].endswith("报告")):
        return _NAMES_NOTICE
    ahead = _YEARS.sub("", before[issued.end() :] if issued else before)
    rest = _YEARS.sub("", after[: ends.start()] if ends else after)
    if _NOT_ONESELF.search(ahead) or _NOT_ONESELF.search(rest):
        return _NAMES_TEMPLATE
    if _INTERPRETED.search(ahead) or _INTERPRETED.match(rest):
        return _NAMES_INTERPRETATION
    if _SCHOOL.search(before) or _SCHOOL.search(ahead):
        return _NAMES_SCHOOL
    if _is_notice(ahead, rest):
        return _NAMES_NOTICE
    news = issued is None and _NEWS.match(ahead)
    return None if not news and _SUFFIX.fullmatch(rest) else _NAMES_OTHER


def _is_notice(ahead: str, rest: str) -> bool:
    about = ahead.rpartition("关于")[2] if "关于" in ahead else ""
    told = _NOTICE_FOR_SURE.search(ahead) or _NOTICE.search(about)
    return bool(told or (_NOTICE.search(rest) and not _SUFFIX.match(rest)))


def _named(part: str, text: str, before: str, after: str) -> Named:
    issued = _ISSUED.search(before)
    own = before[issued.end() :] if issued else before
    organ = _organ(own) or (_organ(before[: issued.start()]) if issued else None) or _in_brackets(after)
    years = _YEARS.search(own) or _YEARS.search(text)
    return Named(title=part.strip(), organ=organ, year=_number(years["year"]) if years else None)


def _organ(before: str) -> str | None:
    left = _EDGES.sub("", _YEARS.sub("", before, count=1))
    behind = _FOREWORD.sub("", left)
    left = behind if looks_like_organ(behind) else left  # in front of it a hijacker or a collector set his own words
    return None if _NAMELESS.match(left) or len(left) < 2 or "*" in left else left


def _in_brackets(after: str) -> str | None:
    """A title without an organ may name it at its end: …年度报告(上海市嘉定区国防动员办公室)."""
    inner = _BRACKETED.search(after)
    return inner["within"] if inner is not None and looks_like_organ(inner["within"]) else None


def _number(year: str) -> int | None:
    digits = year.translate(_PLAIN_DIGITS)
    if "十" in digits:  # 二〇十三 and 二〇一十 are seen beside 二〇一三
        digits = digits.replace("十", "" if len(digits) > 4 else "1")
    return int(digits) if digits.isdecimal() and len(digits) == 4 else None

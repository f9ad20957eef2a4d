"""Columns by their labels: which hold annual reports on open government, and which only sound like it.

政府信息公开年报, 信息公开年度报告, 年度信息公开报告            say so in full
年报, 年度报告, 2018 年报, 部门年报                           say it where nothing speaks against it
政府网站工作年度报表, 法治政府建设年度报告, 部门决算           are others
"""

import re
from functools import lru_cache

from archive.reports.script import plain

_LONGEST = 120
_LONGEST_PROPER = 40
_SAYS_SO = re.compile(
    r"(?:信息|政务)公开的?(?:工作|情况|年度|总结|度)*(?:年报|报告)|公开年度?报|年度公开(?:工作)?报告"
    r"|年度(?:政府|政务)?信息公开|信息年度公开"
)
_HINTS = re.compile(
    r"(?:政府|部门|单位|街道|乡镇|镇街|街镇|工作|本级|历年|历史|往年|各|20\d\d年?|[、和及])*(?:年报|年度(?:工作)?报告)"
    r"(?:信息|公开|专栏|栏目|查询)*"
)
_ABOUT = (
    r"网站.{0,8}(?:报表|年报|报告)|报表|法治|依法行政|执法|统计|预算|决算|三公|依申请|法人|企业年|年报公示|公积金|社会组织"
    r"|指南|制度|规定|办法|要点|总结|计划|考核|评估|培训|通知|通报|公告|解读|图解|格式|编制|召开|发布"
)
_SUBJECTS = (
    "处罚|双公示|双随机|公报|年鉴|财政|资金|债务|审计|采购|收费|绩效|规划|政府工作报告|公示|回应|动态|新闻|要闻|快讯|意见|建议|提案|人事"
    "|招聘|应急|教育|环境|招标|征集|热线|信箱|互动|重点领域|权责|权力|政策|文件|法规|机构职能|领导"
)
_AGAINST = re.compile(_ABOUT)
_OTHERS = re.compile(f"{_ABOUT}|{_SUBJECTS}")
_ORGAN = re.compile(r"^.*(?:局|委员会|办公室|人民政府|街道|镇|乡|委|中心|厅|署|部(?!门))(?=.)")
_LEADING = re.compile(r"^(?:更多|查看|进入|点击)+")
_WORDS = re.compile(r"[^\u4e00-\u9fff\d、]+")


def proper(label: str) -> str:
    """The label's own words, without whose column it is (区教育局政务公开), brackets and arrows."""
    words = _LEADING.sub("", _WORDS.sub("", plain(label[:_LONGEST])))
    return _ORGAN.sub("", words)


def another(label: str) -> str:
    """The word that makes it another column's label; empty if none does."""
    found = _OTHERS.search(proper(label))
    return found[0] if found else ""


def says_reports(label: str) -> bool:
    """Whether the label says in full that annual reports on open government stand there."""
    return len(label) <= _LONGEST and _says_reports(label)


@lru_cache(maxsize=4096)  # a portal has few labels, and each of its pages shows some
def _says_reports(label: str) -> bool:
    words = proper(label)
    return len(words) <= _LONGEST_PROPER and bool(_SAYS_SO.search(words)) and not _AGAINST.search(words)


def hints_reports(label: str) -> bool:
    """Whether a word of it is 年报 or 年度报告: some columns of reports are called so, and columns of others too."""
    words = (proper(word) for word in _WORDS.split(plain(label[:_LONGEST])))
    return any(_HINTS.fullmatch(word) for word in words if word) and not another(label)

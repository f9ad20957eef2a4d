"""Columns: which links lead towards reports. One judgement a link: its role, and how soon it is fetched.

report      its text is a report's title                                              first
attachment  the same, and the link is a file
column      its text or its path names an annual-report column; on a column: its pages, years, bodies
other       the way there: 政务公开, 信息公开, from the home page a few steps deep       last
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.reports.recognition import NotAReport, Site, recognise_title
from crawler.discovery.links import Link

NAMES_COLUMN = re.compile(r"(信息|政务)?公开(工作)?(年度)?(工作)?(年报|报告)|^年度报告$|^年报$|年度(信息)?公开报告")
NAMES_OTHER = re.compile(r"网站|报表|指南|制度|目录|依申请|预算|决算|三公|统计|执法|法治|法人|企业年报|格式|的通知$")
LEADS_ON = re.compile(r"政务公开|信息公开|政务信息|公开年报|报告")
SLUG = re.compile(r"/(?:zf)?(?:xxgk|gk|gongkai)(?:gz)?(?:nb|ndbg|nian?bao|nan)[^/]*", re.IGNORECASE)
OTHER_SLUG = re.compile(r"wz(?:gz)?n|wzndbb|bb\b|zfxxgkzn|zfxxgkzd|zfxxgkml|ysqgk", re.IGNORECASE)
PAGER = re.compile(r"^(?:上一页|下一页|下页|尾页|末页|>+|»|[1-9]\d{0,2})$")
INSIDE = re.compile(r"^(?:(?:19|20)\d\d年?(?:度)?|更多)$|年报|年度")
BODY = re.compile(r"(?:局|委|委员会|办|办公室|政府|街道|镇|乡|部门|处|中心|管委会|公司|队|所|院|厅|站)$")
NEVER = re.compile(r"/gate/big5/|_wap\.|/mpost_|clicktimes\.jsp|[?&](?:isMobile|print)=", re.IGNORECASE)
DEPTH = 3
"""How many steps from home or a column a page may be that is neither itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`hops` is the distance of the page that the link leads to: nought for a column, unchanged along a pager."""

    role: str
    priority: int
    hops: int


def judge(link: Link, *, site: Site, on_column: bool, hops: int) -> Judgement | None:
    """`hops` counts the steps since home or since the last page that was a column by name; None: not followed."""
    if NEVER.search(link.url):
        return None
    if not isinstance(recognise_title(link.text, site=site), NotAReport):
        return Judgement(role="attachment" if link.is_file else "report", priority=100, hops=hops + 1)
    if link.is_file or NAMES_OTHER.search(link.text) or OTHER_SLUG.search(urlsplit(link.url).path):
        return None
    return _towards(link, on_column=on_column, hops=hops) or _of_aggregator(link, site=site, hops=hops)


def _towards(link: Link, *, on_column: bool, hops: int) -> Judgement | None:
    if NAMES_COLUMN.search(link.text) or SLUG.search(urlsplit(link.url).path):
        return Judgement(role="column", priority=80, hops=0)
    if on_column and PAGER.search(link.text):
        return Judgement(role="column", priority=70, hops=hops)
    if on_column and hops < DEPTH and (INSIDE.search(link.text) or BODY.search(link.text)):
        return Judgement(role="column", priority=60, hops=hops + 1)
    if hops < DEPTH and LEADS_ON.search(link.text):
        return Judgement(role="other", priority=40, hops=hops + 1)
    return None


def _of_aggregator(link: Link, *, site: Site, hops: int) -> Judgement | None:
    """An aggregator names no columns of reports: each list that its home page links may hold copies."""
    return Judgement(role="column", priority=20, hops=1) if site.aggregator and not hops and link.text else None

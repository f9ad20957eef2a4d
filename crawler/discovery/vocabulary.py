"""The vocabulary of columns: what a link's label and the slugs of its address say of the column that it leads to.

    reports   政府信息公开年报, /zfxxgknb/                  annual reports on open government
    towards   政务公开, 政府信息公开专栏, 法定主动公开内容    the way there
    other     政府网站年报, 部门决算, 公开指南, /czyjs/       another column, known as such
    unknown   2023年, 区财政局, 点击进入                     nothing is said

A label outranks a slug, for editors write labels and systems keep slugs; a slug speaks where the label is silent. Of
the slugs of an address the last one that says anything counts. Nothing here names a host or a place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from archive.reports.column import another, hints_reports, proper, says_reports
from archive.reports.organ import looks_like_organ

Verdict = Literal["reports", "towards", "other", "unknown"]

_BODIES = "(?:[区县市]?政府|部门|单位|机关|机构|乡镇|街道|镇街|街镇|委办局|基层|[区县市省]级|[区县市省]直|各|[、和及])"
_TOWARDS = re.compile(
    rf"{_BODIES}*(?:政府信息|政务信息|(?:政务|信息|法定|主动)+公开|公开)(?:的|政府信息|工作|基本|内容|目录|专栏|专区|栏目|平台|网|统一|首页|频道|年度)*"
    rf"|{_BODIES}+(?:导航|网站|列表|子站|站群)?|(?:网站|站点)(?:地图|导航)"
)
_REPORTS = re.compile(
    r"(?:x?gk|gongkai)(?:gz|xx)?(?:nb|ndbg|ndgzbg|nianbao|nan(?![a-z]))|(?:openness|xxgk|gk)annualreports?",
    re.IGNORECASE,
)
_HINT = re.compile(r"(?:20\d\d\w{0,2}|\d+)?[_-]?(?:nb|ndbg|ndgzbg|nbxx|gznb|nianbao)(?:[_-]?\d+n?)*", re.IGNORECASE)
_OTHER = re.compile(
    r"(?:zf|gz|^)wz.{0,4}(?:n[bd]|bb)|gkz(?:n|d)(?![a-z])|ysqgk|(?:cz|^)yjs|yjsgk|fzzf|zfgzbg|zcjd|zcwj|jytabl|xzzf|tj(?:gb|nj|xx|sj)(?![a-z])"
    r"|rsxx|hdjl|zwdt|tzgg|zxzj|cz(?:xx|zj)|sgjf|zfcg|xwzx",
    re.IGNORECASE,
)
_WAY = re.compile(r"(?:zf|zw)?xxgk(?:zl|pt|zt|ml|l)?|zwgk|gkml(?:pt)?|fdzdgknr|openness|govxxgk", re.IGNORECASE)
_BETWEEN = re.compile(r"[/?&=#]+")
_FILE = re.compile(
    r"^(?:index|default|list|page)?[_-]?\d{0,3}\.\w{2,5}$|\.(?:s?html?|jsp|aspx?|php|jhtml)$", re.IGNORECASE
)
_ARTICLE = re.compile(
    r"/(?:t\d{8}_\d+|art_\w+|(?:m?post|content|article|detail|c\d*)_\d{3,}|[0-9a-f]{24,36}|[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}|\d{5,})(?:\.\w+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`reasons` are short and stable: `label: 政府信息公开年报`, `slug: zfxxgknb`. `sure` is false where no more speaks
    for it than what other columns are called too: 年报, /nb/."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    sure: bool = False


UNKNOWN = Evidence(verdict="unknown")


def column_evidence(label: str, url: str) -> Evidence:
    """What speaks for and against a column of reports at `url`, by the words of a link to it and by its address."""
    by_label, by_slug = _of_label(label), _of_address(url)
    if by_label.verdict == "unknown" or (by_label.verdict == "towards" and by_slug.verdict == "reports"):
        return by_slug
    if by_label.verdict != "reports" or by_label.verdict == by_slug.verdict:
        agreeing = by_slug.reasons if by_label.verdict == by_slug.verdict else ()
        sure = by_label.sure or bool(agreeing)
        return Evidence(verdict=by_label.verdict, reasons=by_label.reasons + agreeing, sure=sure)
    return by_slug if by_slug.verdict == "other" and not by_label.sure else by_label


def _of_label(label: str) -> Evidence:
    words = proper(label)
    said = (f"label: {words}",)
    if says_reports(label):
        return Evidence(verdict="reports", reasons=said, sure=True)
    if hints_reports(label):
        return Evidence(verdict="reports", reasons=said)
    if looks_like_organ(label):
        return UNKNOWN
    if word := another(label):
        return Evidence(verdict="other", reasons=(f"label: {word}",), sure=True)
    return Evidence(verdict="towards", reasons=said) if _TOWARDS.fullmatch(words) else UNKNOWN


def _of_address(url: str) -> Evidence:
    """An article stands under its column's slugs too: in its own address they do not say that it leads there."""
    slugs = list(_slugs(url))
    found = next((evidence for slug in reversed(slugs) if (evidence := _of_slug(slug)) != UNKNOWN), UNKNOWN)
    if found.verdict == "reports" and _ARTICLE.search(urlsplit(url).path):
        return UNKNOWN
    if found == UNKNOWN and slugs and _WAY.fullmatch(slugs[-1]):
        return Evidence(verdict="towards", reasons=(f"slug: {slugs[-1]}",))
    return found


def _slugs(url: str) -> Iterator[str]:
    try:
        place = urlsplit(url)
    except ValueError:
        return
    for part in _BETWEEN.split(f"{place.path}/{place.query}/{place.fragment}"):
        if slug := _FILE.sub("", part):
            yield slug


def _of_slug(slug: str) -> Evidence:
    said = (f"slug: {slug}",)
    if _OTHER.search(slug):
        return Evidence(verdict="other", reasons=said)
    if _REPORTS.search(slug):
        return Evidence(verdict="reports", reasons=said, sure=True)
    return Evidence(verdict="reports", reasons=said) if _HINT.fullmatch(slug) else UNKNOWN

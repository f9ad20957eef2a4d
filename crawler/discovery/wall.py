"""Walls: what stands before a server and answers in its place, told by what it says.

A test (瑞数, 加速乐 and their like) is a page that is nothing but a script, whatever its status. Sites behind one have
its marks on their real pages too: marks count only where a page has no words and hardly a link.
"""

import re
from typing import Literal
from urllib.parse import urljoin

from archive.reports.evidence import BARRED
from crawler.discovery.glance import Answer, Glance, cookies_of

FEW_LINKS = 10
SHORT, WORDLESS = 200, 60
"""Characters outside links."""

SAYS_NO = re.compile(
    rf"{BARRED.pattern}|(?:您|你)的?(?:请求|访问|操作)[^。]{{0,16}}(?:拦截|阻断|拒绝|禁止|攻击|威胁|不合法)"
    r"|(?:请求|访问)(?:已|被|已被)(?:拦截|阻断|拒绝|禁止)|防火墙|云防护|创宇盾|加速乐|安全狗|云锁|玄武盾|雷池|滑动验证|操作频繁"
    r"|访问频[率繁]|event_?id|JustAmoment|AccessDenied|RequestBlocked"
)
"""In a page's words in normal form."""
ABROAD = re.compile(
    r"境外|海外|所在(?:的)?(?:地区|区域|国家)|(?:region|country)[^.]{0,30}(?:block|restrict|notavailable)"
)
FENCE = re.compile(
    r"waf|jiasule|yunjiasu|jsl|yunsuo|safedog|anyu|wzb|wzws|ct6t|safeline|yundun|acw_tc|nsfocus|kngx|cloudflare|webcdn"
    r"|anquanbao",
    re.IGNORECASE,
)
"""In headers: products that decide who may ask."""
_MARK = re.compile(
    r"<(?:meta|script)\b[^>]*\sr=['\"]?m['\"\s>]|\$_ts\b|__jsl_clearance|acw_sc__v|arg1\s*=\s*'[0-9A-F]{40}'|__tst_status"
    r"|wzws_|challenge-platform|_cf_chl|/_guard/|sl-challenge|TencentCaptcha|initAliyunCaptcha|geetest",
    re.IGNORECASE,
)
_SETS_COOKIE = re.compile(r"document\s*\.\s*cookie\s*=|\[['\"]cookie['\"]\]\s*=|setCookie\s*\(", re.IGNORECASE)
_RELOADS = re.compile(r"location\s*\.\s*reload\s*\(|history\s*\.\s*go\s*\(\s*0")
_OBSCURED = re.compile(r"\beval\s*\(\s*function|fromCharCode|\b_0x[0-9a-f]{4,}|\batob\s*\(|unescape\s*\(|jsjiami")
_LEADS = re.compile(
    r"location(?:\s*\.\s*href)?\s*=(?!=)\s*(?:(['\"])(.*?)\1)?|location\s*\.\s*(?:replace|assign)\s*\(\s*(?:(['\"])(.*?)\3)?"
)


def test_in(answer: Answer, page: Glance) -> tuple[Literal["challenge", "shell"], str] | None:
    """A test that a browser is to pass, or a shell whose script leads on; and what shows it."""
    seen = f"{answer.status} of {len(answer.body)} bytes"
    if answer.status in {412, 468}:
        return "challenge", seen
    if len(page.links) >= FEW_LINKS or len(page.words) > SHORT:
        return None
    if (mark := _MARK.search(page.markup)) and (answer.status >= 400 or len(page.words) <= WORDLESS):
        return "challenge", f"{answer.status} with {' '.join(mark[0].split())[:40]}"
    if page.links or page.embeds or (page.title and answer.status < 400):
        return None
    return _script_alone(answer, page, seen) if page.script.strip() else _cookie_alone(answer, page)


def _script_alone(answer: Answer, page: Glance, seen: str) -> tuple[Literal["challenge", "shell"], str] | None:
    """What the script of a page without anything else does."""
    if _SETS_COOKIE.search(page.script) or _RELOADS.search(page.script):
        return "challenge", f"{seen}: a script that sets a cookie or asks again"
    if _OBSCURED.search(page.script):
        return "challenge", f"{seen}: nothing but an obscured script"
    leads = _LEADS.search(page.script)
    if leads is None or answer.status >= 400:
        return None
    target = leads[2] or leads[4] or ""
    if target and _joined(answer.url, target) == answer.url:
        return "challenge", f"{seen}: a script that leads to itself"
    return "shell", f"{seen}: a script that leads to {target[:200] or 'where it computes'}"


def _cookie_alone(answer: Answer, page: Glance) -> tuple[Literal["challenge"], str] | None:
    names = [name for name in cookies_of(answer.headers) if "sess" not in name.lower()]
    if not names or page.words:
        return None
    return "challenge", f"{answer.status} without a page, but with a cookie: {names[0]}"


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:  # a target that is no address
        return target

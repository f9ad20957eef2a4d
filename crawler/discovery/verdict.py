"""The verdict on an answer: whether it is what was asked for, and if not, what stands in its place.

    content       what was asked for                     not-modified  a 304: what is known already
    redirect      a redirect that was not followed       shell         a page whose script leads its reader elsewhere
    gone          404 or 410 of a portal that answers    soft-404      200, and words or home page in the page's place
    redirect-home led away, to a first page              maintenance   the server is being worked upon
    challenge     a test that a browser is to pass       blocked       a wall: the host wants to be left alone
    denied        this address alone is not for us       geo-fence     a 404 or 403 that our own place may have earned
    server-error  any other 5xx

Only `gone` speaks for absence. What a wall answers says nothing of the page behind it; nor does a 404 where the home
page was not seen to answer, or whose front is not the home page's: some hosts say 404 to clients from abroad.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from archive.reports.evidence import MAINTAINED, MISSING
from archive.reports.text import names_a_file
from crawler.discovery.glance import Answer, Fingerprint, Glance, cookies_of, front_of, glance, is_front_page, title_of
from crawler.discovery.wall import ABROAD, FENCE, FEW_LINKS, SAYS_NO, SHORT, test_in

Kind = Literal[
    "content",
    "not-modified",
    "redirect",
    "shell",
    "gone",
    "soft-404",
    "redirect-home",
    "maintenance",
    "challenge",
    "blocked",
    "denied",
    "geo-fence",
    "server-error",
]
Found = tuple[Kind, str] | None

SMALL = 500
"""Bytes: gateways say no in fewer."""
LARGE = 64 << 10
"""Bytes. A page of so many is looked at only if it may be the home page again."""
BRIEF = 600
"""Characters outside links, that an error page has at most."""
TITLE_MOST = 40
KNOWN = frozenset(HTTPStatus) - {HTTPStatus.IM_A_TEAPOT}

_ABSENT = re.compile(
    rf"{MISSING.pattern}|(?:文章|信息|栏目|内容|文件|网页|页面|资源)(?:已?不存在|不见了|走丢)|页面(?:出错|丢失)"
    r"|(?:page|file|resource|url)[^.]{0,20}notfound|^notfound",
    re.IGNORECASE,
)
_ABSENT_TITLE = re.compile(
    r"^(?:404(?!\d)|error404|(?:page)?notfound|出错|错误|提示信息$|页面(?:不存在|未找到|没有找到|错误))", re.IGNORECASE
)
_ERROR_PATH = re.compile(r"/(?:404|err(?:or)?|not_?found|nopage)(?:[_-]?\d+|page)?(?:\.\w{2,5})?$", re.IGNORECASE)
_SERVERS_OWN = re.compile(r"permissiontoaccess|listingdenied|列出(?:此|该)?目录|目录(?:浏览|列表)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`detail` names in one line what was seen."""

    kind: Kind
    detail: str
    status: int

    @property
    def is_content(self) -> bool:
        return self.kind == "content"

    @property
    def is_block(self) -> bool:
        """Whether the host is to be left alone for a while."""
        return self.kind in {"challenge", "blocked"}

    @property
    def may_render(self) -> bool:
        """Whether a browser may get what was asked for. Who asks too often asks too often in a browser too."""
        return self.kind in {"challenge", "shell"} or (self.kind == "blocked" and self.status != 429)

    @property
    def says_gone(self) -> bool:
        """Whether this is evidence that what was asked for is there no more."""
        return self.kind == "gone"


def judge(answer: Answer, home: Fingerprint | None) -> Verdict:
    """`home` is the portal's home page if it was seen to answer in this run. Never raises."""
    kind, detail = _of_status(answer) or _of_page(answer, home)
    return Verdict(kind=kind, detail=detail, status=answer.status)


def _of_status(answer: Answer) -> Found:
    """What needs no look at the body."""
    if answer.status == 304:
        return "not-modified", "304"
    if 300 <= answer.status < 400:
        return "redirect", f"{answer.status} to {answer.headers.get('location') or 'nowhere'}"
    return None


def _of_page(answer: Answer, home: Fingerprint | None) -> tuple[Kind, str]:
    content: tuple[Kind, str] = "content", f"{answer.status} {answer.media_type or 'of no type'}"
    if answer.status < 400 and not (answer.is_page and _is_looked_at(answer, home)):
        return content
    page = glance(answer)
    if found := test_in(answer, page):
        return found
    if answer.status >= 400:
        return _denial(answer, page, home)
    return _spoken(answer, page) or _home_again(answer, page, home) or _no_file(answer, page) or content


def _is_looked_at(answer: Answer, home: Fingerprint | None) -> bool:
    """Large pages are neither walls nor errors; the home page in another's place has its title."""
    if len(answer.body) <= LARGE or answer.asked != answer.url:
        return True
    return home is not None and not answer.home and title_of(answer) == home.title


def _denial(answer: Answer, page: Glance, home: Fingerprint | None) -> tuple[Kind, str]:
    """A status of 400 and more."""
    if found := _walled(answer, page) or _odd(answer, page):
        return found
    status, seen = answer.status, f"{answer.status} of {len(answer.body)} bytes"
    if status in {404, 410}:
        return _absence(answer, home)
    if status == 403:
        return _forbidden(answer, page, seen)
    if status == 429:
        return "blocked", "429: too many requests"
    if status == 422 or (status == 405 and "allow" not in answer.headers):
        return "blocked", f"{seen}: a gateway's"
    return ("server-error", seen) if status >= 500 or status in {408, 425} else ("denied", seen)


def _walled(answer: Answer, page: Glance) -> Found:
    status, said = answer.status, f"{page.title} {page.words}"
    if len(page.words) > BRIEF:
        return None
    if status >= 500 and (word := MAINTAINED.search(said)):
        return "maintenance", f"{status}: {word[0]}"
    if status in {403, 404, 451} and (word := ABROAD.search(said)):
        return "geo-fence", f"{status}: {word[0]}"
    if status not in {404, 410} and (word := SAYS_NO.search(said)):
        return "blocked", f"{status}: {word[0]}"
    return None


def _odd(answer: Answer, page: Glance) -> Found:
    """Statuses that no server gives by itself, but what stands before it."""
    if answer.status in KNOWN:
        return None
    seen = f"{answer.status} of {len(answer.body)} bytes"
    tests = [name for name in cookies_of(answer.headers) if FENCE.search(name)]
    if tests or (page.script.strip() and not page.words):
        return "challenge", f"{seen}{f', cookie {tests[0]}' if tests else ', a script'}"
    return ("blocked", seen) if answer.status < 500 or len(answer.body) < SMALL else None


def _absence(answer: Answer, home: Fingerprint | None) -> tuple[Kind, str]:
    if answer.home:
        return "geo-fence", f"{answer.status} for the home page"
    if home is None:
        return "geo-fence", f"{answer.status}, and the home page was not seen to answer"
    strange = sorted(mark for mark in front_of(answer.headers) - home.front if FENCE.search(mark))
    if strange:
        return "geo-fence", f"{answer.status} with {strange[0]}, which the home page does not have"
    return "gone", str(answer.status)


def _forbidden(answer: Answer, page: Glance, seen: str) -> tuple[Kind, str]:
    is_folder = urlsplit(answer.url).path.endswith("/") and not answer.home
    if _SERVERS_OWN.search(page.words) or (is_folder and page.words):
        return "denied", f"{seen}: the server's own, for this address"
    return ("blocked" if len(answer.body) < SMALL or answer.home else "denied"), seen


def _spoken(answer: Answer, page: Glance) -> Found:
    """200, and words that something else is the matter."""
    if len(page.words) <= BRIEF and len(page.title) <= TITLE_MOST and _ABSENT_TITLE.search(page.title):
        return "soft-404", f"{answer.status}, titled {page.title}"
    if answer.asked != answer.url and _ERROR_PATH.search(urlsplit(answer.url).path):
        return "soft-404", f"led to {answer.url}"
    # an article that says so itself speaks of something, and of nothing amiss
    if len(page.links) >= FEW_LINKS or len(page.words) > SHORT or page.embeds or "ArticleTitle" in page.markup:
        return None
    said = f"{page.title} {page.words}"
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("blocked", SAYS_NO),
        ("maintenance", MAINTAINED),
        ("soft-404", _ABSENT),
    )
    return next(((kind, f"{answer.status}: {word[0]}") for kind, words in kinds if (word := words.search(said))), None)


def _home_again(answer: Answer, page: Glance, home: Fingerprint | None) -> Found:
    if answer.home or is_front_page(answer.asked):
        return None
    if home and home.url.startswith(answer.asked):  # the home page's own folder
        return None
    if answer.asked != answer.url and (is_front_page(answer.url) or (home and answer.url == home.url)):
        return "redirect-home", f"led to {answer.url}"
    if home and home.shown_by(page) and answer.url != home.url:
        return "soft-404", f"{answer.status} with the home page in its place"
    return None


def _no_file(answer: Answer, page: Glance) -> Found:
    """A viewer shows the file in a frame; what shows nothing is no file."""
    if names_a_file(answer.asked) and not page.embeds:
        return "soft-404", f"a page where {PurePosixPath(urlsplit(answer.asked).path).suffix or 'a file'} was asked for"
    return None

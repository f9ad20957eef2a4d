"""Canonical addresses: one key for what is one page, however its links spell it.

    as a link writes it -> cleaned: what is asked for -> page_key: what it is remembered by
                        -> twin_of: not asked for at all, the same content stands elsewhere

What is asked for stays as written but for a visitor's session and the traces of a click. A portal may answer by one
scheme or on one host only, so those are unified in the key and never in the address. `…/` and `…/index.html` keep two
keys: on most portals they are one page, but where a splash page or an older site was left behind they are two, no
address tells which is the case, and a list lost costs more than a page fetched twice.
"""

import re
from functools import lru_cache
from itertools import chain
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from archive.index.surt import url_key
from archive.reports.address import WEB
from archive.reports.sighting import URL_MOST

_SESSION_IN_PATH = re.compile(r"(?i);jsessionid=[^/;]*|/\((?:[a-z]\([^()/]{8,}\))+\)(?=/)")
_SESSION = re.compile(r"(?i)jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|cftoken")
_PERHAPS_SESSION = re.compile(r"(?i)(?:sid|sessid|session_?id)=[0-9a-f-]{16,}|cfid=\d+")
_SID = re.compile(r"(?i)(^|&)sid=")
_CLICK = re.compile(r"(?i)utm_\w+|spm|gclid|fbclid|bd_vid|nsukey|isappinstalled|clicktime|enterid")
_SHARED_FROM = re.compile(r"timeline|singlemessage|groupmessage|weixin|wechat|qq|qzone|weibo|app|pc|mobile|wap|h5")
_AGAINST_CACHES = re.compile(r"(?i)_+t?|t|r|v|rand(?:om)?|rnd|ts|time(?:stamp|r)?|nocache")
_MILLISECONDS_OR_CHANCE = re.compile(r"1\d{12}|0\.\d{6,}")
_VIEW = re.compile(r"(?i)ismobile|ddtab|print")
_NUMBER = re.compile(r"\d{3}")
_IDENTIFIER = re.compile(r"(?i)[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{5}")
_STATIC = re.compile(r"(?i)\.s?html?$")
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")

_MOBILE, _PRINT, _COUNTER = "its mobile form", "its print form", "a click counter"
_TWINS = (
    (re.compile(r"(?i)/gate/(?:big5|gb|tw|hk)\w*/"), "a gateway to other characters"),
    (re.compile(r"(?i)[^/]_(?:wap|app|mobile)\.\w+$|/mpost_\d|^/(?:wap|mobile)/"), _MOBILE),
    (re.compile(r"(?i)/\w*(?:clicks?|clicktimes|hits|visit|visitcount|views)\.(?:jspx?|as[ph]x?|php|do)$"), _COUNTER),
    (re.compile(r"(?i)/(?:do)?print(?:page)?\.\w+$|/print/|[^/]_print\.\w+$"), _PRINT),
)  # fmt: skip
_TWIN_QUERIES = (
    (re.compile(r"(?i)(?:^|&)ismobile=(?:true|1|y)"), _MOBILE),
    (re.compile(r"(?i)(?:^|&)(?:(?:do)?print=|action=print)"), _PRINT),
)
_PERHAPS_TWIN = re.compile(r"(?i)/gate/|wap|_app|mobile|mpost_|click|hits|visit|views|print|//(?:m|3g|big5)\.")
_TWIN_HOSTS = {"wap", "3g", "big5"}
_MOBILE_HOSTS = {"m", "mobile"}


@lru_cache(maxsize=1 << 14)  # a portal's menu stands on each of its pages
def page_key(url: str, *, body: str = "") -> str:
    """The key of a page, or of the answer to `body` posted there. What is no address of the web is its own key; so is
    a key, and what is longer than anybody asks for."""
    if len(url) > URL_MOST:
        return url
    try:
        place = urlsplit(cleaned(url))
        if place.scheme not in WEB or not place.netloc:
            return url
        asked = "&".join(each for each in (_without_views(place.query, place.path), _posted(body, place.path)) if each)
        # The archive's keys take any long `sid` for a visitor's; what `cleaned` has left of them names a page.
        query = _SID.sub(r"\1sid.=", asked)
        netloc = _DEFAULT_PORT.sub("", place.netloc)
        key = url_key(urlunsplit(("http", netloc, place.path, query, "")))
    except ValueError:  # a port that is none, a bracket without its pair, a host that is no name
        return url
    return f"{key}#{place.fragment}" if place.fragment.startswith(("/", "!")) else key


def _posted(body: str, path: str) -> str:
    if not body:
        return ""
    fields = body if body.startswith(("{", "[")) else _cleaned_query(body, path)
    return f"__wb_method=POST&{fields.replace('#', '%23')}"


def _without_views(query: str, path: str) -> str:
    """Without what says how a page is shown, not which."""
    name = path.rpartition("/")[2]
    named = bool(_STATIC.search(name) and _IDENTIFIER.search(name))
    names = ((pair, pair.partition("=")) for pair in query.split("&"))
    return "&".join(
        pair
        for pair, (name, _, value) in names
        if not (_VIEW.fullmatch(name) or (named and name == "type" and len(value) == 1))
    )


def cleaned(url: str) -> str:
    """What is asked for: without the visitor's session and the traces of a click, all else as written."""
    if len(url) > URL_MOST:
        return url
    head, mark, fragment = url.partition("#")
    path, asks, query = head.partition("?")
    path = _SESSION_IN_PATH.sub("", path)
    kept = _cleaned_query(query, path)
    return f"{path}{asks if kept or not query else ''}{kept}{mark}{fragment}"


def _cleaned_query(query: str, path: str) -> str:
    pairs = [pair for pair in query.split("&") if not _is_trace(unquote_plus(pair))]
    tokens = {pair for pair in pairs if _PERHAPS_SESSION.fullmatch(pair)}
    # A token that nothing else in the address can stand in for may be the page's own name.
    others = (pair.rpartition("=")[2] for pair in pairs if pair not in tokens)
    named = any(_NUMBER.search(each) for each in (path.rpartition("/")[2], *others))
    return "&".join(pair for pair in pairs if not (named and pair in tokens))


def _is_trace(pair: str) -> bool:
    name, _, value = pair.partition("=")
    if _AGAINST_CACHES.fullmatch(name):
        return _MILLISECONDS_OR_CHANCE.fullmatch(value) is not None
    if name == "from":
        return _SHARED_FROM.fullmatch(value) is not None
    return bool(_SESSION.fullmatch(name) or _CLICK.fullmatch(name))


def twin_of(url: str, *, home: str = "") -> str | None:
    """Why this is only another form of what stands elsewhere, and so is not followed; None: it is not. A portal whose
    `home` is on a mobile host has its pages there."""
    if not _PERHAPS_TWIN.search(url):  # of a page's ten thousand links, most
        return None
    try:
        place = urlsplit(url)
        host, home_host = place.hostname or "", urlsplit(home).hostname
    except ValueError:
        return None
    first = host.partition(".")[0]
    if host != home_host and (first in _TWIN_HOSTS or (home_host and first in _MOBILE_HOSTS)):
        return "the portal's mobile or traditional form"
    found = (reason for pattern, reason in _TWINS if pattern.search(place.path))
    asked = (reason for pattern, reason in _TWIN_QUERIES if pattern.search(place.query))
    return next(chain(found, asked), None)

"""A CDX query as a URL asks it, in the words of pywb's and OutbackCDX's servers.

    url        required; without matchType, `*.host` means domain and `http://host/path*` prefix
    matchType  exact, prefix, host, domain
    from, to   1 to 14 digits
    closest    1 to 14 digits; sorts by the distance from it, with `sort=closest` or without
    sort       closest (where `closest` is empty, as pywb asks for a TimeMap: by time), reverse
    limit      a whole number from 1 on
    output     cdxj, json: one object a line
    resolveRevisits  true, false

An empty value counts as none. What is not listed is refused: an answer that ignored a `filter` would be a wrong one.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from archive.config import near
from archive.errors import ConfigError
from archive.index.query import MATCHES, CdxQuery, keys_of

KNOWN = ("url", "matchType", "from", "to", "closest", "sort", "limit", "output", "resolveRevisits")
OUTPUTS = ("cdxj", "json")
SORTS = ("closest", "reverse")


def asked_query(given: Mapping[str, str], *, portal: str | None = None) -> CdxQuery:
    """Raises ConfigError."""
    for name in given:
        if name not in KNOWN:
            raise ConfigError(f"{name!r} is no parameter here; {near(name, KNOWN)}")
    if portal is not None and not re.fullmatch(r"[a-z0-9-]{1,40}", portal):
        raise _wrong("portal", portal, "a portal's id")
    url, match = _reach(given)
    return CdxQuery(
        url=url,
        match=match,
        since=_digits(given, "from"),
        until=_digits(given, "to"),
        closest=_digits(given, "closest"),
        reverse=_choice(given, "sort", SORTS) == "reverse",
        limit=_limit(given),
        portal=portal,
        resolve=_choice(given, "resolveRevisits", ("true", "false")) == "true",
    )


def asked_output(given: Mapping[str, str]) -> str:
    return _choice(given, "output", OUTPUTS) or OUTPUTS[0]


def _reach(given: Mapping[str, str]) -> tuple[str, str]:
    url, match = given.get("url", ""), _choice(given, "matchType", MATCHES)
    if not match and url.startswith("*."):
        url, match = url[2:], "domain"
    elif not match and url.endswith("*"):
        url, match = url[:-1], "prefix"
    if not _is_url(url):
        raise _wrong("url", url, "a URL, or a host and path")
    return url, match or "exact"


def _is_url(url: str) -> bool:
    with suppress(ValueError):  # of a bracket or a port
        return bool(url and url.isprintable() and keys_of(url))
    return False


def _choice(given: Mapping[str, str], name: str, allowed: Sequence[str]) -> str | None:
    value = given.get(name) or None
    if value not in (None, *allowed):
        raise _wrong(name, value, ", ".join(allowed))
    return value


def _digits(given: Mapping[str, str], name: str) -> str | None:
    value = given.get(name) or None
    if value and not re.fullmatch(r"[0-9]{1,14}", value):
        raise _wrong(name, value, "1 to 14 digits, as in 20240120")
    return value


def _limit(given: Mapping[str, str]) -> int | None:
    value = given.get("limit") or None
    if value and not re.fullmatch(r"0*[1-9][0-9]{0,8}", value):
        raise _wrong("limit", value, "a whole number from 1 on")
    return int(value) if value else None


def _wrong(name: str, value: str | None, allowed: str) -> ConfigError:
    return ConfigError(f"{name}: {value!r} is wrong; allowed: {allowed}")

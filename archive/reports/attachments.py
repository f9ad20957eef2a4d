"""The files a page hangs on its text: PDF, Word, WPS, Excel, OFD and archives.

They are recognised by the address alone, in each form portals use: a plain link, a download servlet, an attachment
folder, a viewer that takes the file as a parameter, a frame or an embedded object, a script that opens a window.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborNode

from archive.reports.address import address

_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z)$", re.IGNORECASE)
_DOWNLOAD = re.compile(r"/downfile\.jsp|/attachment/|/OpennessAnnualReport/download/", re.IGNORECASE)
_OPENED = re.compile(r"(?:window\.open|location(?:\.href)?\s*=)\s*\(?\s*['\"]([^'\"]+)['\"]")
_CARRIERS = "a[href], iframe[src], embed[src], object[data], [onclick]"
_PLACES = ("href", "src", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    url: str
    text: str
    title: str


def attachments(node: LexborNode, *, url: str, charset: str) -> tuple[Link, ...]:
    """In the order of the page, each address once. `url` is what relative addresses are relative to."""
    found: dict[str, Link] = {}
    for carrier in node.css(_CARRIERS):
        for target in _targets(carrier):
            file = _file_address(target, url, charset)
            if file is not None and file not in found:
                title = carrier.attributes.get("title") or ""
                found[file] = Link(url=file, text=" ".join(carrier.text().split()), title=title.strip())
    return tuple(found.values())


def names_a_file(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_FILE.search(parts.path) or _DOWNLOAD.search(parts.path))


def _targets(carrier: LexborNode) -> Iterator[str]:
    attributes = carrier.attributes
    for place in _PLACES:
        target = attributes.get(place)
        if target:
            yield from _OPENED.findall(target) if target.startswith("javascript:") else (target,)
    yield from _OPENED.findall(attributes.get("onclick") or "")


def _file_address(target: str, base: str, charset: str) -> str | None:
    found = address(target, base=base, charset=charset)
    if found is not None and not names_a_file(found):
        query = parse_qsl(urlsplit(found).query, encoding=charset, errors="replace")
        shown = next((value for _, value in query if _FILE.search(value)), None)
        # a viewer: the file is its parameter
        found = address(shown, base=found, charset=charset) if shown is not None else None
    return found if found is not None and names_a_file(found) else None

"""Sitemaps: the addresses that a portal lists for crawlers (https://www.sitemaps.org/protocol.html).

    robots.txt --Sitemap:--> sitemapindex -> sitemapindex -> urlset        XML, gzipped or not
                                                          -> one a line    text

Scanned for its <loc> elements and not parsed: a bare & or a file cut short costs no address that stands there, and an
entity that nobody expands is no bomb. Of an address nothing is known but itself: no title, no list it stands on.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from xml.sax.saxutils import unescape

from archive.reports.address import address
from archive.reports.charset import decode

URLS_MOST = 50_000
BYTES_MOST = 50 << 20
"""Both are the protocol's own bounds; the bytes are counted unpacked."""
DEPTH_MOST = 2
"""Indexes below one another. The protocol allows one; platforms of several sites have one more."""
CHUNK = 1 << 16
GZIP = b"\x1f\x8b"

_DIRECTIVE = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)")
_ROOT = re.compile(r"<(?:(?P<prefix>[\w.-]+):)?(?P<root>urlset|sitemapindex)\b")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_LOC = r"<{prefix}loc\b[^<>]*>\s*(?:<!\[CDATA\[)?([^<>]+)(?=[<>])"  # to its end: half an address is none
_ENTITIES = {"&quot;": '"', "&apos;": "'", "&#38;": "&"}
_MARKUP = re.compile(r"\s*<")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """`urls` are of pages, `sitemaps` of further sitemaps, each once and in their order. `trouble` says in one line
    what of it was not read."""

    urls: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    trouble: str | None = None


def sitemaps_in(robots: str, *, base: str = "") -> list[str]:
    """The sitemaps that a robots.txt names, for whichever crawler; `base` is its address, for those named by a path."""
    named = (address(found[1], base=base, charset="utf-8") for found in _DIRECTIVE.finditer(robots))
    return list(dict.fromkeys(url for url in named if url))


def addresses(payload: bytes, *, url: str, depth: int = 0, content_type: str | None = None) -> Sitemap:
    """What the sitemap fetched from `url` lists. `depth` counts the indexes that led to it. Never raises."""
    plain, cut = _unpacked(payload)
    text, _ = decode(plain, content_type)
    root = _ROOT.search(text)
    if root is None and _MARKUP.match(text):
        return Sitemap(trouble="it is markup, and no sitemap")
    locs = list(islice(_locs(text, root), URLS_MOST + 1))
    # A text sitemap has whole addresses only: what else stands in a text is no path.
    found = (address(loc, base=url if root else "", charset="utf-8") for loc in locs[:URLS_MOST])
    urls = tuple(dict.fromkeys(each for each in found if each))
    trouble = cut if len(locs) <= URLS_MOST else f"only its first {URLS_MOST:,} addresses were read"
    if root is None or root["root"] == "urlset":
        return Sitemap(urls=urls, trouble=trouble)
    if depth >= DEPTH_MOST:
        return Sitemap(trouble=f"an index below {DEPTH_MOST} others is not followed")
    return Sitemap(sitemaps=urls, trouble=trouble)


def _unpacked(payload: bytes) -> tuple[bytes, str | None]:
    """The first bytes of it, as far as they can be had."""
    if not payload.startswith(GZIP):
        return payload[:BYTES_MOST], _cut(len(payload) > BYTES_MOST)
    unpacking, plain = zlib.decompressobj(wbits=31), bytearray()
    for start in range(0, len(payload), CHUNK):
        try:
            plain += unpacking.decompress(payload[start : start + CHUNK], BYTES_MOST + 1 - len(plain))
        except zlib.error as exc:
            return bytes(plain), f"its gzip is broken: {exc}"
        if len(plain) > BYTES_MOST:
            return bytes(plain[:BYTES_MOST]), _cut(over=True)
    return bytes(plain), None if unpacking.eof else "its gzip ends early"


def _cut(over: bool) -> str | None:
    return f"only its first {BYTES_MOST:,} bytes were read" if over else None


def _locs(text: str, root: re.Match[str] | None) -> Iterator[str]:
    if root is None:
        yield from text.splitlines()
        return
    # Elements of the same name in other namespaces are pictures and films.
    prefix = re.escape(f"{root['prefix']}:") if root["prefix"] else ""
    for loc in re.finditer(_LOC.format(prefix=prefix), _COMMENT.sub("", text[root.start() :])):
        yield unescape(loc[1].strip().removesuffix("]]"), _ENTITIES)

"""Sitemaps give their addresses, broken or packed as they may be, and never more than their bounds."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.sitemap import BYTES_MOST, DEPTH_MOST, URLS_MOST, Sitemap, addresses, sitemaps_in

SITE = "https://www.a.gov.cn"
AT = f"{SITE}/sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ROBOTS = f"""User-agent: *
Disallow: /x
Sitemap: {SITE}/1.xml
 sitemap :{SITE}/2.xml # the second
SITEMAP: /3.xml
# Sitemap: {SITE}/no.xml
Sitemap:
Sitemap: {SITE}/1.xml
"""


def urlset(*locs: str, root: str = "urlset", entry: str = "url") -> bytes:
    entries = "".join(f"<{entry}><loc>{loc}</loc><lastmod>2024-01-20</lastmod></{entry}>\n" for loc in locs)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {SPACE}>\n{entries}</{root}>'.encode()


def index(*locs: str) -> bytes:
    return urlset(*locs, root="sitemapindex", entry="sitemap")


def urls(payload: bytes) -> list[str]:
    read = addresses(payload, url=AT)
    assert not read.sitemaps
    return [url.removeprefix(SITE) for url in read.urls]


def test_robots_names_sitemaps_for_every_crawler() -> None:
    assert sitemaps_in(ROBOTS) == [f"{SITE}/1.xml", f"{SITE}/2.xml"]
    assert sitemaps_in(ROBOTS, base=f"{SITE}/robots.txt") == [f"{SITE}/{number}.xml" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "payload",
    [
        urlset(f"{SITE}/a", f"{SITE}/b?x=1&amp;y=2", f"{SITE}/a"),
        gzip.compress(urlset(f"{SITE}/a", f"{SITE}/b?x=1&amp;y=2")),
        b"\xef\xbb\xbf" + urlset(f" \n{SITE}/a ", f"<![CDATA[ {SITE}/b?x=1&y=2 ]]>"),
        urlset("/a", "b?x=1&#38;y=2"),
        urlset(f"{SITE}/a", f"{SITE}/b?x=1&y=2").replace(b"<url>", b"<url><!-- <loc>/no</loc> -->"),
        f'<s:urlset xmlns:s="{SPACE}"><s:loc>{SITE}/a</s:loc><loc>/no</loc><s:loc>{SITE}/b?x=1&y=2</s:loc>'.encode(),
        urlset(f"{SITE}/a</loc><image:image><image:loc>/no</image:loc></image:image><loc>{SITE}/b?x=1&y=2"),
        f"{SITE}/a\r\n\r\n  {SITE}/b?x=1&y=2  \nno address\n".encode(),
    ],
    ids=["plain", "gzip", "cdata", "relative", "comment", "prefix", "pictures", "text"],
)  # fmt: skip
def test_a_sitemap_gives_its_addresses_once_and_in_order(payload: bytes) -> None:
    assert urls(payload) == ["/a", "/b?x=1&y=2"]


def test_characters_are_escaped_as_a_browser_would() -> None:
    text = urlset("/年报/1.html").decode().replace("UTF-8", "GB2312")
    assert urls(text.encode("gb18030")) == urls(urlset("/年报/1.html")) == ["/%E5%B9%B4%E6%8A%A5/1.html"]


def test_what_stands_around_a_break_is_read() -> None:
    whole = urlset(*(f"{SITE}/{number}" for number in range(100)))
    for cut in range(150, 300):
        found = urls(whole[:cut])
        assert found == [f"/{number}" for number in range(len(found))]
    assert urls(urlset("/a?x&copy=1", "/b&lt", "<bad>", "/c")) == ["/a?x&copy=1", "/b&lt", "/c"]


@pytest.mark.parametrize(("end", "trouble"), [(b"", "ends early"), (b"\0" * 8, "broken")])
def test_of_a_broken_gzip_the_beginning_is_read(end: bytes, trouble: str) -> None:
    packed = gzip.compress(urlset(*(f"{SITE}/{number * 7919}" for number in range(40_000))))
    read = addresses(packed[:-8] + end, url=AT)
    assert len(read.urls) > 1000
    assert trouble in read.trouble


def test_an_index_gives_sitemaps_to_a_bounded_depth() -> None:
    below = index(f"{SITE}/1.xml", f"{SITE}/2.xml.gz")
    for depth in range(DEPTH_MOST):
        assert addresses(below, url=AT, depth=depth) == Sitemap(sitemaps=(f"{SITE}/1.xml", f"{SITE}/2.xml.gz"))
    deep = addresses(below, url=AT, depth=DEPTH_MOST)
    assert (deep.urls, deep.sitemaps) == ((), ())
    assert "index" in deep.trouble
    assert addresses(urlset(f"{SITE}/a"), url=AT, depth=DEPTH_MOST).urls == (f"{SITE}/a",)


def test_no_more_addresses_are_read_than_a_sitemap_may_have() -> None:
    read = addresses(urlset(*(f"/{number}" for number in range(URLS_MOST + 1))), url=AT)
    assert len(read.urls) == URLS_MOST
    assert "first 50,000 addresses" in read.trouble


def test_a_bomb_is_unpacked_to_its_bound() -> None:
    bomb = gzip.compress(urlset(f"{SITE}/a") + b" " * (BYTES_MOST + 1))
    read = addresses(bomb, url=AT)
    assert read.urls == (f"{SITE}/a",)
    assert "first 52,428,800 bytes" in read.trouble


def test_entities_are_never_expanded() -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    assert urls(entities + urlset("/&b;1", "/&c;1")) == ["/&b;1", "/&c;1"]


@pytest.mark.parametrize("payload", [b"<!DOCTYPE html><html><a href=/a>", b"<rss><loc>/a</loc></rss>"])
def test_markup_that_is_no_sitemap_says_so(payload: bytes) -> None:
    assert addresses(payload, url=AT) == Sitemap(trouble="it is markup, and no sitemap")


@pytest.mark.parametrize("payload", [b"", b"404 Not Found", b"\0\xff\xfe"])
def test_an_empty_answer_lists_nothing(payload: bytes) -> None:
    assert addresses(payload, url=AT) == Sitemap()


@given(st.one_of(st.binary(max_size=80), st.text(alphabet="<>/locurset&;![]DATA- ", max_size=80).map(str.encode)))
def test_whatever_is_answered_is_read(payload: bytes) -> None:
    for each in (payload, urlset() + payload, gzip.compress(payload)[:-3]):
        assert len(addresses(each, url=AT).urls) <= 80

"""The peer: breadth-first over the anchors of one host, reports told by a title expression that a collector published.

It reads what most collectors read (anchors), has no opinion on what it follows, and stops at a number of pages. A page
is a report where its title or the words of the link to it match: the better of the two ways that are in use.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import urldefrag, urljoin
from urllib.request import urlopen

from selectolax.lexbor import LexborHTMLParser
from w3lib.url import safe_url_string

NAMES_REPORT = re.compile(r"政府信息公开.*年度报告|信息公开.*年报|年度报告|年报")
NAMES_YEAR = re.compile(r"20\d\d")
PAGES_MOST = 1000


@dataclass(slots=True, kw_only=True)
class Walk:
    """`reports` are addresses, each with the words that made it one."""

    home: str
    reports: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    queue: deque[tuple[str, str]] = field(default_factory=deque)

    def go(self, *, most: int = PAGES_MOST) -> dict[str, str]:
        self._admit(self.home, "")
        for _ in range(most):
            if not self.queue:
                break
            self._visit(*self.queue.popleft())
        return self.reports

    def _visit(self, url: str, words: str) -> None:
        try:
            with urlopen(url, timeout=20) as answer:
                media_type, place, body = answer.headers.get_content_type(), answer.geturl(), answer.read()
        except (OSError, HTTPException):
            return
        if media_type != "text/html" or not place.startswith(self.home):
            return
        tree = LexborHTMLParser(_decoded(body))
        title = tree.css_first("title")
        for text in (title.text() if title else "", words):
            if NAMES_REPORT.search(text) and NAMES_YEAR.search(text):
                self.reports.setdefault(place, text)
        for node in tree.css("a[href]"):
            target = urldefrag(urljoin(place, node.attributes.get("href") or ""))[0]
            self._admit(safe_url_string(target), node.attributes.get("title") or node.text())

    def _admit(self, url: str, words: str) -> None:
        if url.startswith(self.home) and url not in self.seen:
            self.seen.add(url)
            self.queue.append((url, words))


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")

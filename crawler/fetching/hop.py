"""A hop: one request of the browser with what came of it, as its network events told."""

from dataclasses import dataclass
from typing import Any

NO_BODY = {204, 205, 304}
PAGES = {"text/html", "application/xhtml+xml", ""}

Event = dict[str, Any]


def is_page(content_type: str) -> bool:
    """Whether a browser shows it as a page, and not as a file. Without a type it looks for itself."""
    return content_type.partition(";")[0].strip().lower() in PAGES


@dataclass(slots=True, kw_only=True)
class Hop:
    """`answer` is the browser's parsed response, `raw_asked` and `raw_answer` are what the network says was sent and
    received; a body that the browser could not give is None. `at` is in seconds since 1970, `started` and `ended` by
    the browser's own clock."""

    asked: Event
    kind: str
    main: bool
    at: float
    started: float
    ended: float | None = None
    answer: Event | None = None
    raw_asked: Event | None = None
    raw_answer: Event | None = None
    body: bytes | None = None
    failure: str | None = None

    @property
    def url(self) -> str:
        return str(self.asked["url"])

    @property
    def status(self) -> int:
        return int(self.raw_answer["statusCode"]) if self.raw_answer else 0

    @property
    def is_exchange(self) -> bool:
        """Whether a server answered: not the browser's cache, and no data: URL."""
        return self.raw_answer is not None and self.url.startswith(("http://", "https://"))

    @property
    def is_document(self) -> bool:
        return self.main and self.kind == "Document" and self.is_exchange

    @property
    def is_bodiless(self) -> bool:
        return self.asked["method"] == "HEAD" or self.status in NO_BODY

"""The queue: requests that wait with Scrapy's scheduler, by host and port; a cooled host's are passed over.

Those passed over still count as waiting, so a run does not end before them; they take up no room with the downloader,
so they hold up no other host. A host's trial, and what its answer leads to, waits for nobody.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface

from crawler.fetching.cooling import CoolingMiddleware

TRIAL = " on trial"


class HostQueue(DownloaderAwarePriorityQueue):
    def __init__(self, crawler: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface = _Hosts(crawler)

    def pop(self) -> Request | None:
        request: Request | None = super().pop()
        if request:
            _cooling(self.crawler).lets_out(request)
        return request


class _Hosts(DownloaderInterface):
    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._crawler = crawler

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        cooling = _cooling(self._crawler)
        return [(self._active_downloads(slot), slot) for slot in possible_slots if not cooling.holds(slot)]

    def get_slot_key(self, request: Request) -> str:
        return f"{urlsplit(request.url).netloc}{TRIAL if request.meta.get('trial') else ''}"

    def _active_downloads(self, slot: str) -> int:
        active: int = super()._active_downloads(slot.removesuffix(TRIAL))
        return active


def _cooling(crawler: Any) -> CoolingMiddleware:
    cooling: CoolingMiddleware = crawler.get_downloader_middleware(CoolingMiddleware)
    return cooling

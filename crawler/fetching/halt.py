"""The halt: a run's end before its frontier's, when a stop was asked for, its time is over, or its lease is lost.

What is under way is fetched and kept. What only waits for its host's turn is dropped, for at a request a second a host
Scrapy's own graceful stop would take minutes: longer than those who send SIGTERM wait before they kill.
"""

from typing import Any

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from archive.errors import LeaseLost
from crawler.errors import Refused
from crawler.job import Job

TICK = 0.25


class Halt:
    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._clock = create_looping_call(self._tick)
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Any) -> "Halt":
        return cls(crawler)

    def _opened(self) -> None:
        self._clock.start(TICK, now=False)

    def _closed(self) -> None:
        if self._clock.running:
            self._clock.stop()

    def _tick(self) -> None:
        if self._is_closing():
            self._drop_waiting()
            return
        job: Job = self._crawler.spider.job
        try:
            job.keeper.check()
        except LeaseLost as exc:
            job.fail(exc)
            deferred_from_coro(self._crawler.engine.close_spider_async(reason="lease lost"))

    def _is_closing(self) -> bool:
        slot = self._crawler.engine._slot
        return slot is None or slot.closing is not None

    def _drop_waiting(self) -> None:
        for slot in self._crawler.engine.downloader.slots.values():
            while slot.queue:
                request, waiting = slot.queue.popleft()
                waiting.errback(Failure(Refused(f"the run ends: {request.url} is not fetched")))

"""The halt: a run's end before its frontier's, when a stop was asked for, its time is over, its lease is lost, or the
archive takes no more; and the run's clock, for nothing happens by itself while servers keep silent.

What is under way is fetched and kept. What only waits for its host's turn is dropped, for at a request a second a host
Scrapy's own graceful stop would take minutes: longer than those who send SIGTERM wait before they kill.
"""

from typing import Any

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from archive.errors import ArchiveError, LeaseLost
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

    @property
    def is_called(self) -> bool:
        """Whether the run is ending: what waits for something need not wait on."""
        slot = self._crawler.engine._slot
        return slot is None or slot.closing is not None

    def call(self, error: ArchiveError, *, reason: str) -> None:
        """Ends the run: it has failed."""
        job: Job = self._crawler.spider.job
        job.fail(error)
        if not self.is_called:
            deferred_from_coro(self._crawler.engine.close_spider_async(reason=reason))

    def _opened(self) -> None:
        self._clock.start(TICK, now=False)

    def _closed(self) -> None:
        if self._clock.running:
            self._clock.stop()

    def _tick(self) -> None:
        job: Job = self._crawler.spider.job
        try:
            job.writer.tick()  # while the run ends too: what is under way may take long
            if not self.is_called:
                job.keeper.check()
        except LeaseLost as exc:
            self.call(exc, reason="lease lost")
        except ArchiveError as exc:
            self.call(exc, reason="not archived")
        if self.is_called:
            self._drop_waiting()

    def _drop_waiting(self) -> None:
        for slot in self._crawler.engine.downloader.slots.values():
            while slot.queue:
                request, waiting = slot.queue.popleft()
                waiting.errback(Failure(Refused(f"the run ends: {request.url} is not fetched")))

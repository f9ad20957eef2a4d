"""Archiving: the downloader middleware nearest the network. A spider sees a response only after its exchange stands in
the open segment (I1); if that fails, the request fails and the run stops with the reason.

Here the exchange gets the facts that the wire does not say: portal, run, role, via, anchor text, column. A rendered
page's other exchanges are its requisites: kept after it, for its portal, whatever host they are of.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.capture.exchange import Exchange
from archive.errors import ArchiveError
from crawler.errors import Refused
from crawler.fetching.halt import Halt
from crawler.fetching.politeness import is_robots
from crawler.job import Job


class ArchivingMiddleware:
    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> "ArchivingMiddleware":
        return cls(crawler)

    @property
    def _job(self) -> Job:
        job: Job = self._crawler.spider.job
        return job

    def process_response(self, request: Request, response: Response) -> Response:
        exchange: Exchange = request.meta.pop("exchange")
        original = request.meta.get("original") if response.status == 304 else None
        try:
            self._keep(request, replace(exchange, not_modified_of=original))
        finally:
            self._keep_requisites(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, ArchiveError):
            self._stop(exception)
        self._keep_requisites(request)

    def _keep_requisites(self, request: Request) -> None:
        exchanges: list[Exchange] = request.meta.pop("requisites", [])
        with ExitStack() as held:
            for exchange in exchanges:
                held.callback(exchange.response.close)
            for exchange in exchanges:
                self._keep(request, exchange, role="requisite", via=request.url, anchor="", column="")

    def _keep(self, request: Request, exchange: Exchange, **other: str) -> None:
        facts = {**dict(self._facts(request)), **other, **exchange.facts}
        try:
            self._job.keep(replace(exchange, facts=facts))
        except ArchiveError as exc:
            self._stop(exc)
            raise Refused(f"not archived: {exc}") from exc
        finally:
            exchange.response.close()

    def _stop(self, error: ArchiveError) -> None:
        self._crawler.get_extension(Halt).call(error, reason="not archived")

    def _facts(self, request: Request) -> Iterator[tuple[str, str]]:
        meta = request.meta
        yield "run", self._job.run
        if portal := self._job.portal_of(request.url):
            yield "portal", portal.id
            yield "portalName", portal.name
            yield "aggregator", "true" if portal.aggregator else ""
        yield "role", "robots" if is_robots(request.url) else meta.get("role", "other")
        yield "via", meta["redirect_urls"][-1] if meta.get("redirect_urls") else meta.get("via", "")
        for name in ("anchor", "column"):
            yield name, meta.get(name, "")

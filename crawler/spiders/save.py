"""The save spider: captures these URLs as they are, and follows no link."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.fetching.flags import TRUNCATED
from crawler.spiders.job import JobSpider


class SaveSpider(JobSpider):
    name = "save"
    bounded = False
    handle_httpstatus_all = True
    urls: tuple[str, ...] = ()
    render = False

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            meta = {"role": "other", "render": self.render, "handle_httpstatus_all": True}
            yield Request(url, callback=self.parse, errback=self.failed, dont_filter=True, meta=meta)

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        if TRUNCATED in response.flags:
            self.job.problem("truncated", f"cut short: {response.flags[-1]}", url=response.url)
        return iter(())

"""What spiders of a job share: the job itself, and what becomes of a request that failed and of a fault of ours."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from scrapy import Spider, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.config import load_config
from crawler.errors import Refused, Unrendered
from crawler.job import Job, Options, open_job
from crawler.portals.registry import load_registry, select


class JobSpider(Spider):
    """A spider of one job. `scrapy crawl` gives it no job: then it opens one itself and closes it at the end."""

    job: Job
    bounded = True

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Any:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if not hasattr(spider, "job"):
            spider._open_job(crawler, getattr(spider, "portals", ""))
        crawler.signals.connect(spider.broke, signals.spider_error)
        return spider

    def _open_job(self, crawler: Any, ids: str) -> None:
        config, held = load_config(os.environ, Path.cwd()), ExitStack()
        portals = select(load_registry(config.portals), [one for one in ids.split(",") if one])
        self.job = held.enter_context(open_job(config, portals, Options()))
        crawler.signals.connect(held.close, signals.spider_closed, weak=False)

    def broke(self, failure: Failure, response: Response) -> None:
        """A fault of ours while reading a page: the page is kept, the run goes on, the fault does not stay hidden."""
        detail = f"{failure.type.__name__}: {failure.value}"
        self.job.problem("fault", detail, url=response.url, portal=self.job.portal_id(response.url))
        self.logger.error("cannot read %s\n%s", response.url, failure.getTraceback())

    def failed(self, failure: Failure) -> None:
        """Each failed request is a problem; what a middleware refused is one already."""
        request, error = failure.request, failure.value
        portal = self.job.portal_id(request.url)
        if isinstance(error, IgnoreRequest) and not isinstance(error, Refused):
            self.job.problem("ignored", str(error), url=request.url, portal=portal)
        elif isinstance(error, Unrendered):
            self.job.problem("unrendered", str(error), url=request.url, portal=portal)
        elif not isinstance(error, Refused):
            detail = f"{type(error).__name__}: {error}"
            self.job.problem("unreachable", detail, url=request.url, portal=portal)

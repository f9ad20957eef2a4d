"""A child process that asks what the command line cannot: other methods, bodies, Scrapy settings of its own.

    python -m tests.conformance.asking '{"portals": FILE, "settings": {NAME: value}, "requests": [{"url": …, …}]}'

Each request's keys are the arguments of a Scrapy Request. With "bounded" they are a crawl's, and not what somebody
asked for by hand. Prints the run's summary as `nianbao save --json` does, with the `verdicts` on what spiders saw.
"""

import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from scrapy import Request
from scrapy.http import Response

import crawler.settings
from archive.commands import here
from crawler.commands import _run
from crawler.job import Options, open_job
from crawler.portals.registry import load_registry
from crawler.spiders.save import SaveSpider


class AskingSpider(SaveSpider):
    asked: tuple[Mapping[str, Any], ...] = ()
    verdicts: ClassVar[list[tuple[str, str]]] = []

    async def start(self) -> AsyncIterator[Request]:
        for words in self.asked:
            meta = {"handle_httpstatus_all": not self.bounded, **words.get("meta", {})}
            yield Request(**{**words, "meta": meta}, callback=self.parse, errback=self.failed, dont_filter=True)

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        self.verdicts.append((response.url, response.meta["verdict"].kind))
        return super().parse(response)


def main(told: Mapping[str, Any]) -> None:
    for name, value in told["settings"].items():
        setattr(crawler.settings, name, value)
    AskingSpider.bounded = told["bounded"]
    options = Options(max_seconds=told["seconds"])
    with open_job(here(), load_registry(Path(told["portals"])), options) as job:
        summary = _run(job, AskingSpider, asked=told["requests"])
    sys.stdout.write(json.dumps({**msgspec.to_builtins(summary), "verdicts": AskingSpider.verdicts}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

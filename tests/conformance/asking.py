"""A child process that asks what the command line cannot: other methods, bodies, Scrapy settings of its own.

    python -m tests.conformance.asking '{"portals": FILE, "settings": {NAME: value}, "requests": [{"url": …, …}]}'

Each request's keys are the arguments of a Scrapy Request. Prints the run's summary as `nianbao save --json` does.
"""

import json
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from scrapy import Request

import crawler.settings
from archive.commands import here
from crawler.commands import _run
from crawler.job import Options, open_job
from crawler.portals.registry import load_registry
from crawler.spiders.save import SaveSpider


class AskingSpider(SaveSpider):
    asked: tuple[Mapping[str, Any], ...] = ()

    async def start(self) -> AsyncIterator[Request]:
        for words in self.asked:
            meta = {"handle_httpstatus_all": True}
            yield Request(**words, callback=self.parse, errback=self.failed, dont_filter=True, meta=meta)


def main(told: Mapping[str, Any]) -> None:
    for name, value in told["settings"].items():
        setattr(crawler.settings, name, value)
    with open_job(here(), load_registry(Path(told["portals"])), Options()) as job:
        summary = _run(job, AskingSpider, asked=told["requests"])
    sys.stdout.write(json.dumps(msgspec.to_builtins(summary)))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

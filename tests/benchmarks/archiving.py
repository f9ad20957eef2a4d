"""What keeping costs: pages a second of bare Scrapy, and of Scrapy with our wire handler and archiving.

Both fetch the same pages from the same loopback server, in turn, each run a process of its own. Prints the median, the
spread and the ratio run by run: machines are noisy, so only the ratio says something.

    python -m tests.benchmarks.archiving [ROUNDS] [PAGES]
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

ROUNDS, PAGES = 5, 1500
FILLER = "".join(f"<tr><td>第{row}项</td><td>{row * 7919 % 1000}</td></tr>" for row in range(500))


def page(path: str) -> bytes:
    body = f"<html><title>{path}</title><table>{FILLER}</table></html>".encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while request := await reader.readline():
        await reader.readuntil(b"\r\n\r\n")
        writer.write(page(request.split()[1].decode()))
    writer.close()


def serve() -> int:
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), []

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True).start()
    ready.wait()
    return ports[0]


def crawl(kind: str, port: int, pages: int) -> None:
    """Runs in the child: prints the seconds between the first request and the last answer."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from archive.config import load_config
    from crawler.job import Options, open_job
    from crawler.portals.registry import Portal
    from crawler.spiders.job import JobSpider

    class Pages(JobSpider):
        name = "pages"

        async def start(self) -> AsyncIterator[Any]:
            from scrapy import Request

            self.began = time.monotonic()
            for number in range(pages):
                yield Request(f"http://127.0.0.1:{port}/{number}", callback=self.seen, dont_filter=True)

        def seen(self, response: Any) -> None:
            self.ended = time.monotonic()

        def closed(self, reason: str) -> None:
            print(pages / (self.ended - self.began))  # noqa: T201

    # The delay is what our crawler asks for at least (politeness.DELAY_LEAST): both sides shall wait for the same.
    pace = {"DOWNLOAD_DELAY": 0.001, "DOWNLOAD_DELAY_JITTER": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
    plain = {"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 16, **pace}
    portal = Portal(
        id="bench", name="bench", home=f"http://127.0.0.1:{port}/", delay=0, concurrency=16, max_pages=10**9
    )
    settings = Settings()
    if kind == "kept":
        settings.setmodule("crawler.settings")
    settings.setdict({**plain, "ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False})
    with open_job(load_config(os.environ, Path.cwd()), [portal], Options()) as job:
        process = AsyncCrawlerProcess(settings)
        process.crawl(Pages, job=job)
        process.start()
        job.close()


def measure(kind: str, port: int, pages: int) -> float:
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "NIANBAO_HOME": home, "NIANBAO_ALLOW_PRIVATE_HOSTS": "true"}
        command = [sys.executable, "-m", "tests.benchmarks.archiving", kind, str(port), str(pages)]
        return float(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout)


def main(rounds: int = ROUNDS, pages: int = PAGES) -> None:
    port = serve()
    runs = [(measure("bare", port, pages), measure("kept", port, pages)) for _ in range(rounds)]
    for name, figures in zip(("bare Scrapy", "kept as WARC"), zip(*runs, strict=True), strict=True):
        low, middle, high = min(figures), statistics.median(figures), max(figures)
        print(f"{name:14}{middle:8.0f} pages/s  ({low:.0f} to {high:.0f})")  # noqa: T201
    ratios = [kept / bare for bare, kept in runs]
    print(f"{'ratio':14}{statistics.median(ratios):8.2f}          ({min(ratios):.2f} to {max(ratios):.2f})")  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) > 3:
        crawl(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))

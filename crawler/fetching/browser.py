"""The browser: pages as a reader's Chromium shows them, by scrapy-playwright, with what they exchanged.

    visit(request) -> a context of its own, without cache, cookies or service workers
                   -> goto, settle: nothing under way for a moment, or SETTLE_SECONDS over
                   -> DOM, screenshot -> nothing more goes out -> Visit

scrapy-playwright starts the browser with the first page, starts it again after a crash, and bounds and closes contexts.
Its own way from page to Response is not taken: that keeps neither sub-requests nor what the network said. All
connections go through the doorway, and the browser says what it is: no fingerprint is forged.
"""

import asyncio
import contextlib
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Error, FloatRect, Page
from scrapy import Request
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from archive.capture.exchange import Rendition
from crawler.fetching.doorway import LOOPBACK, Doorway
from crawler.fetching.hop import Hop, is_page
from crawler.fetching.recording import Problem, Recording

PAGE_SECONDS = 60.0
SETTLE_SECONDS = 10.0
TAKE_SECONDS = 15.0
END_SECONDS = 5.0
WIDTH, HEIGHT, HEIGHT_MOST = 1280, 900, 10_000
DOM = "text/html;charset=utf-8"
# Nothing leaves the machine that the page did not ask for, and nothing but through the doorway.
SWITCHES = (
    "--block-new-web-contents",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {LOOPBACK}",
    "--no-pings",
    # A frame of another site would be a process with network events of its own. What isolation protects, one site's
    # credentials from another, is not in this browser.
    "--disable-site-isolation-trials",
)


@dataclass(kw_only=True)
class Visit:
    """What came of one page. `error` is set where no document could be had at all; a redirect of the page's own address
    is not followed: the document is then the redirect."""

    recordings: list[Recording] = field(default_factory=list)
    renditions: list[Rendition] = field(default_factory=list)
    redirected: bool = False
    error: str | None = None

    @property
    def hops(self) -> list[Hop]:
        return [hop for recording in self.recordings for hop in recording.hops if hop.is_exchange]

    @property
    def requisites(self) -> list[Hop]:
        """What else was asked for, answered or not."""
        return [hop for recording in self.recordings for hop in recording.hops[1:]]

    @property
    def document(self) -> Hop | None:
        """The last one in the main frame: a page may lead its reader on."""
        return next((hop for hop in reversed(self.hops) if hop.is_document), None)


class Browser(ScrapyPlaywrightDownloadHandler):
    def __init__(self, crawler: Any, executable: Path) -> None:
        super().__init__(crawler)
        self.doorway = Doorway(allow_private=crawler.settings.getbool("NIANBAO_ALLOW_PRIVATE_HOSTS"))
        self._executable = executable
        self._names = map("page-{}".format, itertools.count())
        self.config.target_closed_max_retries = 1
        self._context = {
            "user_agent": crawler.settings["USER_AGENT"],
            "locale": "zh-CN",
            "viewport": {"width": WIDTH, "height": HEIGHT},
            "service_workers": "block",
            "accept_downloads": False,
            "ignore_https_errors": True,  # as for pages fetched without a browser: portals' certificates lapse
        }

    @property
    def version(self) -> str:
        return f"Chromium/{self.browser.version}" if hasattr(self, "browser") else "Chromium"

    async def open(self) -> None:
        proxy = {"server": f"socks5://{LOOPBACK}:{await self.doorway.open()}", "bypass": "<-loopback>"}
        self.config.launch_options = {
            "executable_path": str(self._executable),
            "args": list(SWITCHES),
            "chromium_sandbox": os.geteuid() != 0,  # Chromium's sandbox refuses to run as root
            "proxy": proxy,
        }
        await self._launch()

    async def close(self) -> None:
        with contextlib.suppress(Error):  # it may have gone by itself
            await super().close()
        await self.doorway.close()

    async def visit(self, request: Request, *, follows: Callable[[str], bool], problem: Problem) -> Visit:
        visit = Visit()
        meta = {
            "playwright_context": next(self._names),
            "playwright_context_kwargs": self._context,
            "visit": visit,
            "follows": follows,
            "problem": problem,
        }
        try:
            await self._download_request(Request(request.url, meta=meta))
        except Error as exc:
            visit.error = exc.message.splitlines()[0]
        return visit

    async def _download_request_with_page(self, request: Request, page: Page, spider: Any) -> None:  # noqa: ARG002  # its signature
        visit: Visit = request.meta["visit"]
        await page.unroute("**")  # the recording asks for each request itself
        session = await page.context.new_cdp_session(page)
        recording = Recording(session=session, follows=request.meta["follows"], problem=request.meta["problem"])
        visit.recordings.append(recording)
        page.on("close", lambda _: recording.stop_waiting())
        try:
            await recording.begin()
            if await _arrive(visit, recording, page, request.url):
                await self._take(visit, page)
            if _is_gone(page):
                await page.title()  # raises: scrapy-playwright tries once more, with another browser
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_SECONDS):
                    await recording.end()
        finally:
            recording.closed = True
            recording.pair()
            with contextlib.suppress(Error):
                await page.context.close()

    async def _take(self, visit: Visit, page: Page) -> None:
        """What a reader would see. A page that never stops computing gives neither, and is kept as it came."""
        with contextlib.suppress(TimeoutError, Error):
            async with asyncio.timeout(TAKE_SECONDS):
                dom = await page.content()
                visit.renditions.append(Rendition(kind="dom", media_type=DOM, data=dom.encode("utf-8", "replace")))
        with contextlib.suppress(TimeoutError, Error):
            async with asyncio.timeout(TAKE_SECONDS):
                height = await page.evaluate("document.documentElement.scrollHeight")
                clip = FloatRect(x=0, y=0, width=WIDTH, height=max(HEIGHT, min(int(height), HEIGHT_MOST)))
                picture = await page.screenshot(full_page=True, clip=clip, animations="disabled")
                visit.renditions.append(Rendition(kind="screenshot", media_type="image/png", data=picture))


def _is_gone(page: Page) -> bool:
    browser = page.context.browser
    return page.is_closed() or browser is None or not browser.is_connected()


async def _arrive(visit: Visit, recording: Recording, page: Page, url: str) -> bool:
    """Goes there and lets the page settle; False where no page came."""
    try:
        async with asyncio.timeout(PAGE_SECONDS):
            arrived = await page.goto(url, wait_until="commit", timeout=0)
            if arrived and not is_page(arrived.headers.get("content-type", "")):
                return False
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SETTLE_SECONDS):
                    await page.wait_for_load_state("domcontentloaded", timeout=0)
                    await recording.settled()
    except TimeoutError:
        visit.error = f"no answer within {PAGE_SECONDS:g} s"
        return False
    except Error as exc:
        visit.redirected = recording.redirected
        visit.error = None if recording.redirected else exc.message.splitlines()[0]
        return False
    return True

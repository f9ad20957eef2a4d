"""Chromium reads the archive as it read the portals, and nothing that it reads comes from anywhere else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from crawler.demo.nanping import RARE
from crawler.demo.server import Hit
from crawler.demo.world import DemoWorld, start_world
from crawler.demo.yunchuan import SCAN
from tests.e2e.listening import listening
from tests.e2e.story import Story

pytestmark = pytest.mark.parametrize("story", ["files"], indirect=True, scope="session")
WALK = ("政府信息公开", "街道镇年报", "望江街道办事处")


@pytest.fixture(scope="module")
def replay(story: Story) -> Iterator[str]:
    with listening(story.at, "replay", "serve", names=("server", "replay")) as served:
        yield served.addresses["replay"]


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


@pytest.fixture
def live(story: Story) -> Iterator[DemoWorld]:
    with start_world(day=2, ports=story.first.world.ports) as world:
        yield world


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A tab, with a note of all that it asked for."""

    page: Page
    asked: list[str] = field(default_factory=list)

    @property
    def frame(self) -> Frame:
        """Where the page is shown: pywb puts a frame around it, a portal does not."""
        return self.page.frame(name="replay_iframe") or self.page.main_frame

    def read(self, url: str) -> str:
        self.page.goto(url)
        return self.text()

    def text(self) -> str:
        self.frame.wait_for_load_state()
        return self.frame.locator("body").inner_text()

    def follow(self, words: str) -> str:
        with self.page.expect_event("framenavigated", lambda frame: frame == self.frame):
            self.frame.locator("ul.list a, .crumb ~ a").filter(has_text=words).first.click()
        return self.text()

    def walk(self, home: str) -> list[str]:
        """From the home page to a report; the texts of all pages on the way."""
        return [self.read(home), *(self.follow(words) for words in WALK)]

    def hosts(self) -> set[str]:
        """The browser's own pages, of its PDF viewer, have other schemes."""
        return {parts.netloc for parts in map(urlsplit, self.asked) if parts.scheme in {"http", "https", "ws", "wss"}}


def open_reader(browser: Browser) -> Reader:
    reader = Reader(page=browser.new_context().new_page())
    reader.page.context.on("request", lambda request: reader.asked.append(request.url))
    return reader


def escaped(live: DemoWorld) -> list[Hit]:
    """What was asked of the portals, but for the icons of pages read there: a browser asks late for them."""
    portals = {f"127.0.0.1:{port}" for port in live.ports}
    return [hit for hit in live.journal if urlsplit(hit.headers.get("referer", "")).netloc not in portals]


def test_a_walk_from_home_to_a_pdf_reads_as_the_portal_did(replay: str, browser: Browser, live: DemoWorld):
    home = f"http://127.0.0.1:{live.ports[0]}"
    texts = open_reader(browser).walk(f"{home}/")
    reader = open_reader(browser)
    with urlopen(home + SCAN) as answer:
        pdf = answer.read()
    live.journal.clear()
    assert reader.walk(f"{replay}/all/{home}/") == texts
    assert WALK[-1] in texts[-1]
    with reader.page.expect_response(lambda answer: answer.ok and answer.url.endswith(home + SCAN)) as shown:
        reader.frame.locator(".TRS_Editor a").click()
    assert shown.value.headers["content-type"] == "application/pdf"
    assert reader.page.request.get(shown.value.url).body() == pdf
    assert (escaped(live), reader.hosts()) == ([], {urlsplit(replay).netloc})


def test_pages_in_gbk_of_two_days_and_off_the_archive(replay: str, browser: Browser, live: DemoWorld, story: Story):
    reader, alone = open_reader(browser), open_reader(browser)
    gbk = f"http://127.0.0.1:{live.ports[2]}{RARE}"
    edited, now = story.second.world.edited[0], open_reader(browser).read(story.second.world.edited[0])
    text = alone.read(gbk)
    live.journal.clear()
    assert "石埗镇" in text
    assert reader.read(f"{replay}/nanping/{gbk}") == text
    first, second = (reader.read(f"{replay}/all/{time}/{edited}") for time in times(story, edited))
    assert (second, first != second) == (now, True)
    changed = [pair for pair in zip(first.split(), second.split(), strict=True) if len(set(pair)) > 1]
    assert 1 <= len(changed) <= 3
    assert "Not Found" in reader.read(f"{replay}/all/http://127.0.0.1:{live.ports[-1]}/zfxxgknb/")
    assert (escaped(live), reader.hosts()) == ([], {urlsplit(replay).netloc})


def test_a_page_that_the_rewriting_overlooks_still_loads_nothing_off_the_archive(
    replay: str, browser: Browser, live: DemoWorld
):
    reader = open_reader(browser)
    reader.page.goto(f"{replay}/all/id_/http://127.0.0.1:{live.ports[0]}/")  # as it was captured: not rewritten
    refused = reader.page.evaluate("""async (home) => {
        const image = new Image(); image.src = home; document.body.append(image);
        try { await fetch(home) } catch (error) { return String(error) }
    }""", f"http://127.0.0.1:{live.ports[0]}/")  # fmt: skip
    assert "Failed to fetch" in refused
    assert live.journal == []


def times(story: Story, url: str) -> list[str]:
    rows = [*story.first.captures, *story.second.captures]
    return [row["timestamp"] for row in rows if row["url"] == url]

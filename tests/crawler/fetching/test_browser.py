"""Pages through a real Chromium: what is kept of them, where it may go, and what becomes of it."""

import os
import signal
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.demo.site import Framing, Page, Request, redirect
from tests.conformance.saving import Capture, Saved
from tests.crawler.fetching.rendered import (
    OPEN_INTERNET,
    SCRIPT,
    browsers,
    finish,
    page,
    save,
    served,
    start,
    wait_until,
)

FILL = b"fetch('/list.json').then(r => r.json()).then(d => { document.querySelector('ul').innerHTML = d.rows; });"
LIST = {
    "/": page("<meta charset=gbk><title>list</title><ul></ul><script src=/fill.js></script>"),
    "/fill.js": Page(body=FILL, media_type=SCRIPT, framing=Framing.CHUNKED),
    "/list.json": Page(body=b'{"rows": "<li>2023</li>"}', media_type="application/json"),
}
SIGNALS = [signal.SIGTERM, signal.SIGKILL]


def paths(saved: Saved) -> list[str]:
    found = (one.record.get("WARC-Target-URI").split("/", 3)[3] for one in saved.captures)
    return [f"/{path}" for path in found if path != "robots.txt"]


def at(saved: Saved, path: str) -> Capture:
    return next(one for one in saved.captures if urlsplit(one.record.get("WARC-Target-URI")).path == path)


def blocks(saved: Saved, kind: str) -> list[bytes]:
    return [record.block for record in saved.records if record.type == kind]


def test_document_script_and_data_are_kept_with_dom_and_picture(tmp_path: Path) -> None:
    with served(LIST) as site:
        saved = save(tmp_path, f"{site.base}/")
    assert (saved.exit_status, Counter(paths(saved))) == (0, Counter(site.asked()))
    assert {"/", "/fill.js", "/list.json"} <= {*paths(saved)}
    [dom], [picture] = blocks(saved, "conversion"), blocks(saved, "resource")
    assert b"<ul><li>2023</li></ul>" in dom
    assert picture.startswith(b"\x89PNG\r\n")
    document, script = at(saved, "/"), at(saved, "/fill.js")
    assert LIST["/"].body in document.record.block
    assert b"X-Archive-Orig-Transfer-Encoding: chunked" in script.record.block
    assert script.record.block.endswith(FILL)
    facts = script.fields
    assert (facts["role"], facts["via"], facts["fetchedBy"]) == ("requisite", f"{site.base}/", "browser")
    assert document.record.all("WARC-Protocol") == ["http/1.1"]
    assert document.record.get("WARC-IP-Address") == "127.0.0.1"


def test_the_browser_says_who_it_is_as_the_crawler_does(tmp_path: Path) -> None:
    with served(LIST) as site:
        save(tmp_path, f"{site.base}/")
        agents = {hit.headers["user-agent"] for hit in site.journal}
    assert len(agents) == 1
    assert "Nianbao/" in agents.pop()


def test_a_redirect_is_left_to_the_crawler(tmp_path: Path) -> None:
    with served({**LIST, "/old": redirect("/")}) as site:
        saved = save(tmp_path, f"{site.base}/old")
    assert at(saved, "/old").record.block.startswith(b"HTTP/1.1 302 ")
    assert paths(saved) == site.asked() == ["/old"]


def test_the_same_dom_and_picture_again_are_not_stored_again(tmp_path: Path) -> None:
    with served(LIST) as site:
        save(tmp_path, f"{site.base}/")
        saved = save(tmp_path, f"{site.base}/")
    assert [len(blocks(saved, kind)) for kind in ("conversion", "resource")] == [1, 1]
    named = [one.fields["dom"] for one in saved.captures if urlsplit(one.record.get("WARC-Target-URI")).path == "/"]
    assert named == [named[0]] * 2


def test_a_file_is_fetched_without_the_browser(tmp_path: Path) -> None:
    file = Page(body=b"%PDF-1.4 \x00\xff", media_type="application/pdf")
    with served({"/report.pdf": file}) as site:
        saved = save(tmp_path, f"{site.base}/report.pdf")
    assert Counter(paths(saved)) == Counter(site.asked())
    assert any(one.record.block.endswith(file.body) for one in saved.captures)
    assert blocks(saved, "conversion") == []


def test_a_page_that_asks_without_end_is_bounded_and_said_so(tmp_path: Path) -> None:
    asking = "<script>for (let n = 0; n < 1000; n++) fetch('/n?' + n)</script>"
    with served({"/": page(asking), "/n": Page(body=b"-")}) as site:
        saved = save(tmp_path, f"{site.base}/")
        assert len(site.asked()) <= 200
    assert "page-bound" in {problem["kind"] for problem in saved.problems}
    assert Counter(paths(saved)) == Counter(site.asked())


@pytest.mark.parametrize("how", ["a script", "a redirect", "a frame"])
def test_a_private_address_is_refused_to_what_a_page_asks_for(tmp_path: Path, how: str) -> None:
    with served({"/secret": Page(body=b"inside")}) as inside:
        target = f"{inside.base}/secret"
        html = {
            "a script": f"<script>fetch('{target}', {{mode: 'no-cors'}})</script>",
            "a redirect": "<img src=/away>",
            "a frame": f"<iframe src='{target}'></iframe>",
        }
        with served({"/": page(html[how]), "/away": redirect(target)}, host="127.0.0.2") as site:
            saved = save(tmp_path, f"{site.base}/", env={}, command=OPEN_INTERNET)
            assert "/" in site.asked()
        assert inside.journal == []
    told = [problem for problem in saved.problems if problem["kind"] == "address-refused"]
    assert [problem["url"] for problem in told] == [target]


def test_nothing_is_asked_for_but_what_the_page_asks_for(tmp_path: Path) -> None:
    with served({"/": page("<p>alone</p>")}) as site:
        save(tmp_path, f"{site.base}/")
        assert {*site.asked()} == {"/", "/favicon.ico"}


class Ticking:
    """A page that asks for something for ever, and how often it has."""

    def __init__(self) -> None:
        self.ticks = 0
        self.pages = {
            "/": page("<p>seen</p><script>setInterval(() => fetch('/tick'), 150)</script>"),
            "/tick": self._tick,
        }

    def _tick(self, request: Request) -> Page:
        self.ticks += 1
        return Page(body=b"-")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_run_that_is_ended_leaves_no_browser(tmp_path: Path, number: signal.Signals) -> None:
    ticking = Ticking()
    with served(ticking.pages) as site:
        run = start(tmp_path, "save", "--render", "--json", f"{site.base}/")
        assert wait_until(lambda: ticking.ticks)
        assert browsers(tmp_path)
        os.kill(run.pid, number)
        run.communicate(timeout=60)
        assert wait_until(lambda: not browsers(tmp_path))


def test_a_browser_that_dies_is_started_again_and_a_page_that_never_settles_is_kept(tmp_path: Path) -> None:
    ticking = Ticking()
    with served(ticking.pages) as site:
        run = start(tmp_path, "save", "--render", "--json", f"{site.base}/")
        assert wait_until(lambda: ticking.ticks)
        os.kill(min(browsers(tmp_path)), signal.SIGKILL)
        saved, _ = finish(run, tmp_path)
        assert paths(saved).count("/") == site.asked().count("/") == 2
    assert b"<p>seen</p>" in blocks(saved, "conversion")[0]
    assert (saved.exit_status, browsers(tmp_path)) == (0, [])

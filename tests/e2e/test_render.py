"""A portal whose list of reports exists only after its script ran: found with a browser, and told of without one."""

import gzip
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from playwright.sync_api import sync_playwright
from sqlalchemy import select

from archive.index.captures import list_captures
from archive.index.reader import read_capture
from archive.index.schema import publications, renditions
from crawler.demo.scripted import COLUMN, UNIT
from crawler.demo.site import Page, Request
from crawler.demo.world import DemoWorld, start_world
from tests.conformance.saving import script
from tests.conformance.strict import StrictRecord, read_strict
from tests.crawler.fetching.rendered import page, served
from tests.e2e.installation import Finished, Installation, Row
from tests.e2e.listening import listening


@pytest.fixture
def world() -> Iterator[DemoWorld]:
    with start_world() as started:
        yield started


def crawl(at: Installation, world: DemoWorld, portal: str, *, more: str = "") -> Finished:
    [row] = (row for row in world.portals_toml.split("[[portal]]") if f'id = "{portal}"' in row)
    registry = at.folder / "portals.toml"
    registry.write_text(f"[[portal]]{row}{more}\n", "utf-8")
    return at.run("crawl", "--portals", registry, "--json")


def found(at: Installation) -> set[str]:
    return {row["url"] for row in at.rows(select(publications))}


def expected(world: DemoWorld, portal: str) -> set[str]:
    return {row.url for row in world.expected if row.portal == portal}


def asked(world: DemoWorld, portal: str) -> list[str]:
    return [hit.path for hit in world.journal if hit.portal == portal]


def captures(at: Installation) -> list[Row]:
    with at.stores() as opened:
        return list(list_captures(opened.catalog, url=None, portal=None, run=None))


def without_a_browser(folder: Path) -> Installation:
    nowhere = {"PATH": str(folder / "bin"), "PLAYWRIGHT_BROWSERS_PATH": str(folder / "browsers")}
    return Installation(folder=folder, settings=nowhere)


def witnessed(folder: Path) -> tuple[Installation, Path]:
    """An installation whose browser says when it is started."""
    browser, started = folder / "browser", folder / "started"
    browser.write_text(f'#!/bin/sh\ntouch "{started}"\nexec chromium "$@"\n')
    browser.chmod(0o755)
    return Installation(folder=folder, settings={"NIANBAO_BROWSER": str(browser)}), started


def test_an_empty_list_with_scripts_goes_to_the_browser_once(tmp_path: Path, world: DemoWorld) -> None:
    at, started = witnessed(tmp_path)
    done = crawl(at, world, "lingang")
    assert (done.status, started.exists(), done.rows[0]["problems"]) == (0, True, [])
    assert found(at) == expected(world, "lingang")
    assert asked(world, "lingang").count(COLUMN) == 2
    assert len(captures(at)) == len(asked(world, "lingang"))
    [dom] = at.rows(select(renditions).where(renditions.c.kind == "dom"))
    with at.stores() as opened, read_capture(opened.objects, dom) as record:
        assert "临港区财政局2023年政府信息公开工作年度报告" in record.block().decode()


def test_a_portal_that_needs_no_browser_starts_none(tmp_path: Path, world: DemoWorld) -> None:
    at, started = witnessed(tmp_path)
    crawl(at, world, "yunchuan")
    assert found(at) == expected(world, "yunchuan")
    assert not started.exists()


def test_never_means_never(tmp_path: Path, world: DemoWorld) -> None:
    at, started = witnessed(tmp_path)
    crawl(at, world, "lingang", more='render = "never"')
    assert (found(at), started.exists()) == (set(), False)
    assert asked(world, "lingang").count(COLUMN) == 1


def test_always_sends_every_page_and_its_segments_are_sound(tmp_path: Path, world: DemoWorld) -> None:
    at = Installation(folder=tmp_path)
    crawl(at, world, "lingang", more='render = "always"')
    assert found(at) == expected(world, "lingang")
    assert all("rendered" in row["flags"] for row in at.rows(select(publications)))
    assert Counter(row["url"] for row in captures(at)).total() == len(asked(world, "lingang"))
    pages = {row["record_id"] for row in captures(at) if row["role"] in {"home", "column", "report"}}
    assert {row["capture"] for row in at.rows(select(renditions))} == pages
    before = at.derived()
    assert at.run("rebuild").status == 0
    assert at.derived() == before
    records: list[StrictRecord] = []
    for segment in sorted((tmp_path / "var/objects").rglob("*.warc.gz")):
        records += check_segment(segment, records)
    assert {"conversion", "resource"} <= {record.type for record in records}


def test_a_saved_page_replays_with_the_list_that_its_script_filled(tmp_path: Path, chromium: Path) -> None:
    at = Installation(folder=tmp_path)
    with start_world() as world:
        home = expected(world, "lingang").pop().partition("/zwgk/")[0]
        assert at.run("save", "--render", home + COLUMN).status == 0
        live = text_of(chromium, home + COLUMN)
    saved = {row["url"].removeprefix(home).partition("?")[0] for row in captures(at)}
    assert {COLUMN, "/script/unit.js", UNIT} <= saved
    with listening(at, "replay", "serve", names=("server", "replay")) as served:
        assert text_of(chromium, f"{served.addresses['replay']}/all/{home}{COLUMN}") == live
    assert "临港区财政局2023年政府信息公开工作年度报告" in live


POSTING = """<meta charset="utf-8"><div id="list"></div><script>
for (const number of [1, 2]) {
  fetch("/rows", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({page: number})})
    .then((answer) => answer.text())
    .then((row) => { document.getElementById("list").insertAdjacentHTML("beforeend", row) });
}
</script>"""


def row_of(request: Request) -> Page:
    number = json.loads(request.body)["page"]
    return page(f'<a href="/{number}.html" style="order: {number}">第{number}页的年报</a>')


def test_rows_that_are_posted_for_at_one_address_replay_each_for_its_own_body(tmp_path: Path, chromium: Path) -> None:
    at = Installation(folder=tmp_path)
    with served({"/": page(POSTING), "/rows": row_of}) as site:
        assert at.run("save", "--render", f"{site.base}/").status == 0
    with listening(at, "replay", "serve", names=("server", "replay")) as replay:
        shown = text_of(chromium, f"{replay.addresses['replay']}/all/{site.base}/", rows=2)
    assert Counter(re.findall(r"第(.)页的年报", shown)) == {"1": 1, "2": 1}


def text_of(chromium: Path, url: str, *, rows: int = 1) -> str:
    """As a reader sees it once its script has brought so many rows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(url)
        frame = page.frame(name="replay_iframe") or page.main_frame  # pywb puts a frame around it
        frame.locator("#list a").nth(rows - 1).wait_for()
        return frame.locator("body").inner_text()


def check_segment(segment: Path, known: list[StrictRecord]) -> list[StrictRecord]:
    """Reads it strictly, and as FastWARC, warcio and pywb do."""
    records = read_strict(segment, known=known)
    with segment.open("rb") as stream:
        read = [record.record_id for record in ArchiveIterator(stream, parse_http=False, verify_digests=True)]
    assert read == [record.id for record in records]
    assert subprocess.run([script("warcio"), "check", segment], capture_output=True, check=False).returncode == 0
    indexed = subprocess.run([script("cdx-indexer"), "-j", "-s", segment], capture_output=True, check=True).stdout
    stored = segment.with_name(segment.name.replace(".warc.gz", ".cdxj")).read_bytes()
    views = [line for line in indexed.splitlines() if line not in stored.splitlines()]
    # pywb would index DOMs and pictures too: a DOM under its page's own URL. Replay must show what was served.
    assert len(views) == sum(record.type in {"conversion", "resource"} for record in records)
    assert [line for line in indexed.splitlines() if line not in views] == stored.splitlines()
    assert gzip.decompress(segment.read_bytes()).count(b"WARC-Type: conversion") <= len(views)
    return records


@pytest.mark.parametrize("render", ["auto", "always"])
def test_without_a_browser_one_line_says_so_and_the_rest_is_crawled(
    tmp_path: Path, world: DemoWorld, render: str
) -> None:
    at = without_a_browser(tmp_path)
    done = crawl(at, world, "lingang", more=f'render = "{render}"')
    [problem] = done.rows[0]["problems"]
    assert (done.status, problem["kind"], problem["portal"]) == (1, "no-browser", "lingang")
    assert [line for line in done.stderr.splitlines() if "WARNING: lingang: no browser was found" in line]
    assert COLUMN in asked(world, "lingang")
    assert at.run("save", "--render", "http://127.0.0.1:1/").status == 2


def test_a_page_cannot_be_saved_rendered_without_a_browser(tmp_path: Path) -> None:
    done = without_a_browser(tmp_path).run("save", "--render", "http://127.0.0.1:1/")
    [line] = done.stderr.splitlines()
    assert (done.status, line.startswith("nianbao: NIANBAO_BROWSER")) == (2, True)
    assert not (tmp_path / "var").exists()

"""The story that the tests read: an archive after two crawls of the sample world, a day apart."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.request import urlopen

from archive.commands import report_rows
from archive.index.captures import list_captures
from crawler.demo.server import Hit
from crawler.demo.world import DemoWorld, start_world
from tests.e2e.bare_store import BareStore
from tests.e2e.installation import Finished, Installation, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One crawl: the world it met, what the world saw of it, and what the archive says after it."""

    world: DemoWorld
    hits: tuple[Hit, ...]
    crawl: Finished
    reports: list[Row]
    captures: list[Row]
    messages: list[Row]
    served: dict[str, bytes]

    @property
    def summary(self) -> Row:
        return self.crawl.rows[-1]

    def urls(self) -> Iterator[str]:
        """What was asked for, in the journal's order."""
        order = ("yunchuan", "chenghu", "nanping", "zhaobiao", "lingang", "elsewhere")
        bases = dict(zip(order, self.world.ports, strict=True))
        return (f"http://127.0.0.1:{bases[hit.portal]}{hit.path}" for hit in self.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    at: Installation
    bare: BareStore
    first: Day
    second: Day


def tell(at: Installation, bare: BareStore) -> Story:
    first = _live(at)
    return Story(at=at, bare=bare, first=first, second=_live(at, before=first))


def _live(at: Installation, before: Day | None = None) -> Day:
    again = ("--refresh",) if before else ()
    day, ports = (2, before.world.ports) if before else (1, None)
    with start_world(day=day, ports=ports) as world:
        crawl = at.run("crawl", "--portals", at.know(world), "--json", *again)
        hits = tuple(world.journal)
        served = {row.url: _read(row.url) for row in world.expected}
    assert crawl.stdout, crawl.stderr
    run = json.loads(crawl.stdout)["run"]
    with at.stores() as opened:
        reports = list(report_rows(opened, None, None))
        captures = list(list_captures(opened.catalog, url=None, portal=None, run=run))
    return Day(
        world=world,
        hits=hits,
        crawl=crawl,
        reports=reports,
        captures=captures,
        messages=at.run("handoff", "pull", "--group", "everyone", "--max", "1000").rows,
        served=served,
    )


def _read(url: str) -> bytes:
    with urlopen(url) as response:
        body: bytes = response.read()
        return body

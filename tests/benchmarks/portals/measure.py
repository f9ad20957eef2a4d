"""Measuring discovery: two crawls of a world of sample portals by `nianbao crawl`, counted on the servers' side.

first crawl    what was found, at how many fetches                        -> a tally for each portal
second crawl   nothing has changed: what is asked for and kept anew       -> Again
peer           another way of finding, over the same world                -> tallies too
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from archive.commands import report_rows
from archive.index.captures import list_captures
from crawler.demo.server import Hit
from crawler.demo.site import Site
from crawler.demo.world import ALL, COPIED, DemoWorld, start_world
from tests.benchmarks.portals.breadth_first import Walk
from tests.benchmarks.portals.least import counts, is_list_page, least
from tests.benchmarks.portals.tally import Row, Tally, missed, tally, total
from tests.e2e.installation import Installation, finish

SECONDS = 900
TRAP_MOST = 5
"""Requests that one run may send into an endless or doubled space before it is known as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A second run with nothing changed. `beyond` are its fetches of anything but the way and the lists' pages;
    `stored` are payload bytes kept anew, at the addresses `anew`."""

    fetches: int
    beyond: int
    stored: int
    anew: tuple[str, ...]
    new: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`trespasses` are requests for what is forbidden, off the portals, or deeper in a trap than its bound."""

    tallies: tuple[Tally, ...]
    peer: tuple[Tally, ...]
    again: Again
    trespasses: tuple[str, ...]
    missed: tuple[str, ...]
    false: tuple[str, ...]
    problems: tuple[Row, ...]
    seconds: float

    @property
    def total(self) -> Tally:
        return total(self.tallies)

    @property
    def beyond(self) -> float:
        """The second run's fetches beyond the lists' pages, as a share of the first run's fetches."""
        return self.again.beyond / self.total.fetches


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    summary: Row
    hits: tuple[Hit, ...]
    captures: tuple[Row, ...]

    def counted(self, site: Site) -> list[Hit]:
        requisites = {row["url"] for row in self.captures if row["role"] == "requisite"}
        return [hit for hit in self.hits if hit.portal == site.id and counts(site, hit, requisites)]


def measure(folder: Path, portals: Sequence[str] = ALL, *, peer: bool = False) -> Measured:
    """Crawls in child processes, into an archive under `folder`."""
    at = Installation(folder=folder)
    standing = dict.fromkeys((*COPIED, *portals))  # some are there for others to copy
    with start_world(portals=tuple(standing), change=_home_only) as world:
        sites = [site for site in world.sites if site.id in portals]
        first = _run(at, world, portals)
        with at.stores() as opened:
            rows = list(report_rows(opened, None, None))
        second = _run(at, world, portals)
        expected = [row for row in world.expected if row.portal in portals]
        return Measured(
            tallies=tuple(_tally(site, rows, first.counted(site)) for site in sites),
            peer=tuple(_walked(world, site) for site in sites) if peer else (),
            again=_again(sites, second),
            trespasses=tuple(chain(_trespasses(world, first.hits), _trespasses(world, second.hits))),
            missed=tuple(missed(expected, rows)),
            false=tuple(sorted({row["url"] for row in rows} - {row.url for row in expected})),
            problems=tuple(first.summary["problems"]),
            seconds=first.summary["seconds"],
        )


def _home_only(site: Site) -> Site:
    return replace(site, columns=())


def _run(at: Installation, world: DemoWorld, portals: Sequence[str]) -> _Run:
    before = len(world.journal)
    words = ("crawl", *portals, "--portals", at.know(world), "--json")
    done = finish(at.start(*words), seconds=SECONDS)
    assert done.status in {0, 1}, done.stderr
    summary = done.rows[-1]
    with at.stores() as opened:
        captures = tuple(list_captures(opened.catalog, url=None, portal=None, run=summary["run"]))
    return _Run(summary=summary, hits=tuple(world.journal[before:]), captures=captures)


def _tally(site: Site, rows: Sequence[Row], hits: Sequence[Hit]) -> Tally:
    own = [row for row in rows if row["portal"] == site.id]
    return tally(site.id, site.expected(), own, fetches=len(hits), least=least(site))


def _walked(world: DemoWorld, site: Site) -> Tally:
    before = len(world.journal)
    found = Walk(home=site.base + "/").go()
    rows: list[Row] = [{"portal": site.id, "url": url, "organ": "", "year": 0} for url in found]
    return _tally(site, rows, [hit for hit in world.journal[before:] if counts(site, hit)])


def _again(sites: Iterable[Site], second: _Run) -> Again:
    counted = [(site, second.counted(site)) for site in sites]
    anew = [row for row in second.captures if row["revisit_of"] is None and row["payload_length"]]
    return Again(
        fetches=sum(len(hits) for _, hits in counted),
        beyond=sum(not is_list_page(site, hit) for site, hits in counted for hit in hits),
        stored=sum(row["payload_length"] for row in anew),
        anew=tuple(row["url"] for row in anew),
        new=second.summary["reports_new"],
        changed=second.summary["reports_changed"],
    )


def _trespasses(world: DemoWorld, hits: Sequence[Hit]) -> Iterable[str]:
    bases = {site.id: site.base for site in world.sites}
    asked = [bases[hit.portal] + hit.path for hit in hits]
    yield from (f"forbidden: {url}" for url in asked if url.startswith(world.forbidden))
    yield from (f"out of scope: {hit.path}" for hit in hits if hit.portal == "elsewhere")
    for trap in world.traps:
        walked = sum(url.startswith(trap) for url in asked)
        if walked > TRAP_MOST:
            yield f"trap: {trap} {walked} times"

"""The sample world: five portals on loopback sockets, what a crawl of them should find, and what it must not touch.

A second world with the first one's `ports` is the same world a day later: `day=2` has one report more, one whose
number was changed in silence, and one withdrawn. A sixth listener stands for all that is off the portals; it answers
whoever comes, and the journal shows it as `elsewhere`.
"""

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from crawler.demo import aggregator, gbk, hanweb, scripted, trs
from crawler.demo.server import Hit, Listener, serving
from crawler.demo.site import Expected, Page, Site

LOOPBACK = "127.0.0.1"
LISTENERS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoWorld:
    """`forbidden` are URLs, `traps` beginnings of URLs of endless or doubled spaces; the rest are URLs too."""

    portals_toml: str
    expected: tuple[Expected, ...]
    forbidden: tuple[str, ...]
    traps: tuple[str, ...]
    added: tuple[str, ...]
    edited: tuple[str, ...]
    withdrawn: tuple[str, ...]
    ports: tuple[int, ...]
    journal: list[Hit] = field(default_factory=list)


@contextmanager
def start_world(
    *, day: int = 1, delay: float = 0.0, ports: Sequence[int] | None = None, latency: float = 0.0
) -> Iterator[DemoWorld]:
    """`delay` is what the registry asks of a crawler between requests, `latency` what the portals take to answer."""
    with ExitStack() as stack:
        wanted = (*(ports or ()), *(0,) * LISTENERS)[:LISTENERS]
        doors = [stack.enter_context(socket.create_server((LOOPBACK, port))) for port in wanted]
        bound = tuple(door.getsockname()[1] for door in doors)
        sites = _sites([f"http://{LOOPBACK}:{port}" for port in bound], day)
        world = _world(sites, bound, delay)
        listeners = [Listener(site=site, journal=world.journal, latency=latency) for site in sites]
        stack.enter_context(serving(list(zip(doors, listeners, strict=True))))
        yield world


def _sites(bases: Sequence[str], day: int) -> tuple[Site, ...]:
    yunchuan, chenghu, nanping, zhaobiao, lingang, elsewhere = bases
    outside = elsewhere + "/zfxxgknb/"
    portals = (
        trs.build(base=yunchuan, elsewhere=outside, day=day),
        hanweb.build(base=chenghu, day=day),
        gbk.build(base=nanping, elsewhere=outside, day=day),
    )
    copies = aggregator.build(base=zhaobiao, sites=portals)
    return (*portals, copies, scripted.build(base=lingang), _elsewhere(elsewhere))


def _elsewhere(base: str) -> Site:
    page = Page(body=b"<title>elsewhere</title>")
    return Site(id="elsewhere", name="", base=base, pages={}, missing=page, forbidden=("/zfxxgknb/",))


def _world(sites: Sequence[Site], ports: tuple[int, ...], delay: float) -> DemoWorld:
    return DemoWorld(
        portals_toml="\n".join(_row(site, delay) for site in sites[:-1]),
        expected=tuple(expected for site in sites for expected in site.expected()),
        forbidden=tuple(site.base + path for site in sites for path in site.forbidden),
        traps=tuple(site.base + path for site in sites for path in site.traps),
        added=tuple(site.base + path for site in sites for path in site.added),
        edited=tuple(site.base + path for site in sites for path in site.edited),
        withdrawn=tuple(site.base + path for site in sites for path in site.withdrawn),
        ports=ports,
    )


def _row(site: Site, delay: float) -> str:
    """JSON's strings, lists and booleans are TOML's too."""
    row: dict[str, object] = {"id": site.id, "name": site.name, "home": site.base + "/"}
    if site.columns:
        row["columns"] = [site.base + path for path in site.columns]
    row |= {"delay": delay, "aggregator": site.aggregator}
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items())
    return "\n".join(("[[portal]]", *lines, ""))

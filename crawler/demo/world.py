"""The sample world: portals on loopback sockets, what a crawl of them should find, and what it must not touch.

    DEMO     five portals, told apart by how they publish: what `nianbao demo` shows
    ALL      these, and one or more of each content system

A second world with the first one's `ports` is the same world a day later: `day=2` has one report more, one whose
number was changed in silence, and one withdrawn; `change` makes any other day of it. The last listener stands for all
that is off the portals; it answers whoever comes, and the journal shows it as `elsewhere`.
"""

import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from itertools import cycle, islice

from crawler.demo import aggregator, gbk, hanweb, scripted, trs
from crawler.demo.server import Hit, Listener, serving
from crawler.demo.site import Expected, Page, Site

LOOPBACK = "127.0.0.1"
QUIET, LANES, LANE = 15_000, 17, 1000
"""The first of the ports below those that systems number connections with; they are shared out in lanes by process."""
TRIES = 100
DEMO = ("yunchuan", "chenghu", "nanping", "zhaobiao", "lingang")
COPIED = DEMO[:3]
"""Whose reports the aggregator republishes: it cannot stand without them."""
SYSTEMS = ("qingshan", "baihe", "jinhe", "yuehai", "ganlin", "xiyun", "huainan", "songpu", "wanzhai")
"""One or more of each content system, each in the module of its name."""
ALL = (*DEMO, *SYSTEMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoWorld:
    """`forbidden` are URLs, `traps` beginnings of URLs of endless or doubled spaces; the rest are URLs too. `ports` are
    in the order of `sites`, the last `elsewhere`'s."""

    portals_toml: str
    sites: tuple[Site, ...]
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
    *,
    day: int = 1,
    delay: float = 0.0,
    ports: Sequence[int] | None = None,
    latency: float = 0.0,
    portals: Sequence[str] = DEMO,
    change: Callable[[Site], Site] | None = None,
) -> Iterator[DemoWorld]:
    """`delay` is what the registry asks of a crawler between requests, `latency` what the portals take to answer."""
    names = (*portals, "elsewhere")
    with ExitStack() as stack:
        wanted = (*(ports or ()), *(0,) * len(names))[: len(names)]
        doors = [stack.enter_context(_door(port)) for port in wanted]
        bound = tuple(door.getsockname()[1] for door in doors)
        bases = {name: f"http://{LOOPBACK}:{port}" for name, port in zip(names, bound, strict=True)}
        *sites, outside = (_site(name, bases, day) for name in names)
        world = _world([*(map(change, sites) if change else sites), outside], bound, delay)
        listeners = [Listener(site=site, journal=world.journal, latency=latency) for site in world.sites]
        stack.enter_context(serving(list(zip(doors, listeners, strict=True))))
        yield world


def _door(port: int) -> socket.socket:
    """At this port, or at one of those that no system hands out by itself: so a second world finds the first one's
    free, whatever else was connected meanwhile."""
    if port:
        return socket.create_server((LOOPBACK, port))
    for quiet in islice(_quiet_ports(), TRIES):
        with suppress(OSError):
            return socket.create_server((LOOPBACK, quiet))
    return socket.create_server((LOOPBACK, 0))


@cache
def _quiet_ports() -> Iterator[int]:
    """Of this process, one after the other, as other processes start worlds at the same time."""
    first = QUIET + os.getpid() % LANES * LANE
    return cycle(range(first, first + LANE))


def _site(name: str, bases: Mapping[str, str], day: int) -> Site:
    outside = bases["elsewhere"] + "/zfxxgknb/"
    builders: dict[str, Callable[..., Site]] = {
        "yunchuan": partial(trs.build, elsewhere=outside, day=day),
        "chenghu": partial(hanweb.build, day=day),
        "nanping": partial(gbk.build, elsewhere=outside, day=day),
        "lingang": scripted.build,
        "elsewhere": _elsewhere,
        **{system: partial(_system, system) for system in SYSTEMS},
    }
    if name == "zhaobiao":
        return aggregator.build(base=bases[name], sites=[_site(each, bases, day) for each in COPIED])
    return builders[name](base=bases[name])


def _system(name: str, *, base: str) -> Site:
    site: Site = import_module(f"crawler.demo.{name}").build(base=base)
    return site


def _elsewhere(*, base: str) -> Site:
    page = Page(body=b"<title>elsewhere</title>")
    return Site(id="elsewhere", name="", base=base, pages={}, missing=page, forbidden=("/zfxxgknb/",))


def _world(sites: Sequence[Site], ports: tuple[int, ...], delay: float) -> DemoWorld:
    return DemoWorld(
        portals_toml="\n".join(_row(site, delay) for site in sites[:-1]),
        sites=tuple(sites),
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

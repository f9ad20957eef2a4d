"""A running sample world, and urllib without its opinions: no redirect is followed, no status raises."""

from collections.abc import Callable, Iterator
from email.message import Message
from http.client import HTTPResponse
from typing import NamedTuple
from urllib.request import HTTPErrorProcessor, Request, build_opener

import pytest

from crawler.demo.world import DEMO, DemoWorld, start_world
from crawler.discovery import cms
from tests.crawler.demo.visitor import Visitor


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


Fetch = Callable[..., Answer]


class AnyStatus(HTTPErrorProcessor):
    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        return response


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[DemoWorld]:
    """Of the portals that the tests' module names as its `PORTALS`, or of the demo's."""
    with start_world(portals=getattr(request.module, "PORTALS", DEMO)) as started:
        yield started


@pytest.fixture
def base(world: DemoWorld) -> str:
    """Where the first portal stands."""
    return world.sites[0].base


@pytest.fixture
def visitor(request: pytest.FixtureRequest, base: str, fetch: Fetch) -> Visitor:
    """Reads lists as the module's `READ` does, or as any reader."""
    return Visitor(base, fetch, getattr(request.module, "READ", cms.read))


@pytest.fixture
def fetch() -> Fetch:
    opener = build_opener(AnyStatus)

    def get(url: str, headers: dict[str, str] | None = None, data: bytes | None = None) -> Answer:
        with opener.open(Request(url, data=data, headers=headers or {})) as response:
            return Answer(response.status, response.headers, response.read())

    return get


@pytest.fixture
def at(world: DemoWorld) -> Callable[[str, str], str]:
    """The URL of a path on a portal."""
    order = ("yunchuan", "chenghu", "nanping", "zhaobiao", "lingang", "elsewhere")
    return lambda portal, path: f"http://127.0.0.1:{world.ports[order.index(portal)]}{path}"

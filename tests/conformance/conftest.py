"""One crawl of all the misbehaving server's pages, over plain HTTP and over TLS, shared by the tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.conformance.misbehaving import MisbehavingServer
from tests.conformance.saving import LOOPBACK, Pair, Saved, pair, registry, save


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    server: MisbehavingServer
    saved: Saved
    pairs: list[Pair]

    def of(self, path: str) -> list[Pair]:
        found = [pair for pair in self.pairs if pair.exchange.path == path]
        assert found, f"no capture of {path}"
        return found


@pytest.fixture(scope="session", params=["http", "https"])
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp(request.param)
    with MisbehavingServer(tls=request.param == "https") as server:
        # Small segments, so that there are several, and revisits across them.
        env = {**LOOPBACK, "NIANBAO_SEGMENT_BYTES": "16KiB"}
        saved = save(folder / "var", registry(folder, server.url("/")), map(server.url, server.pages), env=env)
        yield Crawled(server=server, saved=saved, pairs=pair(saved.captures, server.journal))

"""The doctor: whether a crawl would work here and now, one finding a part."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.browser import find_browser
from archive.config import NO_CONTACT, Config
from archive.errors import ArchiveError
from archive.index.catalog import open_catalog
from archive.stores import objects_of

FREE_LEAST = 2 << 30
BUILT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    what: str
    well: bool
    detail: str


def examine(config: Config) -> Iterator[Finding]:
    yield _contact(config)
    yield _try("object store", lambda: _objects(config))
    yield _try("catalog", lambda: _catalog(config))
    yield _browser(config)
    now = datetime.now(UTC)
    yield Finding(what="clock", well=now > BUILT, detail=f"{now:%Y-%m-%dT%H:%M:%SZ}")
    yield _disk(config)


def _contact(config: Config) -> Finding:
    named = config.contact != NO_CONTACT
    detail = config.contact if named else "NIANBAO_CONTACT is not set: portals cannot reach you"
    return Finding(what="configuration", well=True, detail=detail)


def _try(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, well=True, detail=look())
    except ArchiveError as exc:
        return Finding(what=what, well=False, detail=str(exc))


def _objects(config: Config) -> str:
    objects_of(config).check()
    return config.objects_url


def _catalog(config: Config) -> str:
    catalog = open_catalog(config.catalog_url)
    catalog.close()
    return catalog.engine.url.render_as_string(hide_password=True)


def _browser(config: Config) -> Finding:
    found = find_browser(config.browser)
    # Not a failure: without a browser static portals are crawled all the same.
    return Finding(what="browser", well=True, detail=str(found or "none found: rendered pages will be skipped"))


def _disk(config: Config) -> Finding:
    config.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(config.home).free
    detail = f"{free / (1 << 30):.1f} GiB free under {config.home}"
    return Finding(what="disk", well=free >= FREE_LEAST, detail=detail)

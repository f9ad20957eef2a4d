"""The roster: the registry as a long-lived process knows it. It is read again when its files change; while what they
say is wrong, the portals known before stay."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

import click

from archive.errors import ConfigError
from crawler.portals.registry import Portal, load_registry
from scheduler.calendar import trigger_of

EVERY = timedelta(minutes=1)
REGISTRY = click.option("--portals", metavar="FILE", type=click.Path(path_type=Path), help="registry file or folder")

log = logging.getLogger(__name__)


class Roster:
    def __init__(self, path: Path | None, now: datetime) -> None:
        """Raises ConfigError."""
        self._path = path
        self._looked, self._seen = now, _stamps(path)
        self.portals: tuple[Portal, ...] = _read(path)

    def reread(self, now: datetime) -> bool:
        """Whether `portals` are new ones. Looks once a minute."""
        if now - self._looked < EVERY:
            return False
        self._looked, before, self._seen = now, self._seen, _stamps(self._path)
        if self._seen == before:
            return False
        try:
            self.portals = _read(self._path)
        except ConfigError as exc:
            log.error("the registry is refused, the %d portals known before stay:\n%s", len(self.portals), exc)  # noqa: TRY400
            return False
        log.info("the registry has changed: %d portals", len(self.portals))
        return True


def _read(path: Path | None) -> tuple[Portal, ...]:
    portals = load_registry(path)
    for portal in portals:
        trigger_of(portal)  # a cron that can never fire is refused here
    return portals


def _stamps(path: Path | None) -> frozenset[tuple[Path, int, int]]:
    """The registry within the package has none: it changes with the package alone."""
    if path is None:
        return frozenset()
    files = [path, *path.glob("*.toml")] if path.is_dir() else [path]
    return frozenset(_stamp(file) for file in files)


def _stamp(file: Path) -> tuple[Path, int, int]:
    try:
        status = file.stat()
    except OSError:
        return file, 0, 0
    return file, status.st_mtime_ns, status.st_size

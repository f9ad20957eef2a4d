"""The leader: one at a time, and the next as soon as it is gone."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from archive.config import Config, load_config
from archive.errors import ConfigError
from archive.index.catalog import Catalog, Row
from archive.index.schema import leases
from archive.lease import holder_of, take
from scheduler import ledger
from scheduler.leader import NAME, Leader
from scheduler.roster import Roster

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)
TABLE = '[[portal]]\nid = "{}"\nname = "x"\nhome = "http://x.example/"\nschedule = "{}"\n'


class Shelf:
    """An executor that begins nothing: it keeps what it is given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def start(self, rows: Sequence[Row]) -> None:
        self.given += [row["portals"][0] for row in rows]

    def tick(self) -> None:
        pass

    def stop(self) -> None:
        pass


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config({"PATH": os.environ["PATH"]}, tmp_path)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return write(tmp_path / "portals.toml", "x", "30 2 * * *")


def write(path: Path, name: str, cron: str) -> Path:
    path.write_text(TABLE.format(name, cron))
    return path


@contextmanager
def standing(config: Config, catalog: Catalog, registry: Path) -> Iterator[tuple[Leader, Shelf]]:
    shelf = Shelf()
    leader = Leader(config, catalog, Roster(registry, NOW), shelf)
    try:
        yield leader, shelf
    finally:
        leader.resign()


def test_the_first_leads_the_second_stands_by_and_follows_when_the_first_resigns(
    config: Config, catalog: Catalog, registry: Path
) -> None:
    with standing(config, catalog, registry) as (one, first), standing(config, catalog, registry) as (two, second):
        for at in (NOW, NOW + DAY):
            one.tick(at)
            two.tick(at)
        assert (first.given, second.given) == (["x"], [])
        one.resign()
        two.tick(NOW + DAY)
        assert second.given == ["x"]
    with catalog.begin() as connection:
        assert holder_of(connection, NAME) is None


def test_one_that_has_lost_its_lease_stands_by_at_once(
    config: Config, catalog: Catalog, registry: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with standing(config, catalog, registry) as (late, shelf):
        late.tick(NOW)
        with catalog.begin() as connection:
            connection.execute(update(leases).values(until="2000-01-01T00:00:00.000000Z"))
            take(connection, [NAME], "another", seconds=60)
        with caplog.at_level("INFO"):
            for _ in range(3):
                late.tick(NOW + DAY)
        assert shelf.given == list(ledger.list_runs(catalog, None)) == []
    assert len([line for line in caplog.messages if "another" in line]) == 2
    assert any(line.startswith("another on ") and line.endswith(" leads; standing by") for line in caplog.messages)


def test_a_registry_that_has_changed_is_followed_within_a_minute(
    config: Config, catalog: Catalog, registry: Path
) -> None:
    with standing(config, catalog, registry) as (leader, shelf):
        leader.tick(NOW)
        write(registry, "y-z", "30 2 * * *")
        leader.tick(NOW + timedelta(minutes=1))
        leader.tick(NOW + DAY)
    assert shelf.given == ["y-z"]


def test_a_registry_that_has_become_wrong_is_refused_and_the_portals_before_stay(
    config: Config, catalog: Catalog, registry: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with standing(config, catalog, registry) as (leader, shelf):
        leader.tick(NOW)
        write(registry, "y-z", "30 2 30 2 *")
        for minutes in (1, 2, 3):
            leader.tick(NOW + minutes * timedelta(minutes=1))
        leader.tick(NOW + DAY)
        assert shelf.given == ["x"]
        write(registry, "fine", "30 2 * * *")
        leader.tick(NOW + DAY + timedelta(minutes=1))
        leader.tick(NOW + 2 * DAY)
    assert "fine" in shelf.given
    (line,) = [line for line in caplog.messages if "refused" in line]
    assert "portal 'y-z': schedule: '30 2 30 2 *' names no day" in line


def test_a_registry_that_is_wrong_from_the_start_is_an_error(registry: Path) -> None:
    with pytest.raises(ConfigError, match="names no day"):
        Roster(write(registry, "x", "0 0 31 2 *"), NOW)

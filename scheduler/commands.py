"""`nianbao schedule`: the scheduler service, and what an operator asks of it."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.capture.compose import warc_date
from archive.commands import here
from archive.config import Config
from archive.index.catalog import Catalog, Row, open_catalog
from archive.lease import holder_of
from archive.listing import FORMATS, show
from crawler.portals.registry import load_registry, select
from scheduler import ledger
from scheduler.calendar import schedule_of
from scheduler.clock import Clock
from scheduler.launch import Executor, LocalExecutor, finish_leftovers
from scheduler.leader import NAME, Leader
from scheduler.roster import REGISTRY, Roster
from scheduler.service import begin_service

log = logging.getLogger(__name__)

KEYS = ("portal", "name", "schedule", "state", "reason", "next_run", "last_run", "last_state", "last_ended")


@click.group()
def schedule() -> None:
    """The scheduler service: crawls each portal when it is due."""


@schedule.command()
@REGISTRY
@click.option(
    "--processes", type=click.IntRange(1), default=4, show_default=True, help="crawls at once on this machine"
)
@click.option("--timeout", metavar="HOURS", type=click.FloatRange(0, min_open=True), default=6, show_default=True,
              help="a crawl that takes longer is told to stop, and to seal")  # fmt: skip
@click.option("--tick", type=click.FloatRange(0, min_open=True), default=1, hidden=True)
@click.option("--grace", type=click.FloatRange(0), default=60, hidden=True)
def run(portals: Path | None, processes: int, timeout: float, tick: float, grace: float) -> None:
    """Serve until SIGTERM or Ctrl-C; crawls that are under way then seal what they have."""
    config, is_stopped = here(), begin_service()
    roster = Roster(portals or config.portals, datetime.now(UTC))
    with _catalog(config) as catalog:
        executor: Executor
        if config.executor == "procrastinate":
            from scheduler.jobs import Workers

            executor = Workers(config)
        else:
            finish_leftovers(config)
            limits = {"max_seconds": timeout * 3600, "grace": grace}
            executor = LocalExecutor(config, catalog, portals=portals, processes=processes, **limits)
        leader = Leader(config, catalog, roster, executor)
        while not is_stopped():
            leader.tick(datetime.now(UTC))
            time.sleep(tick)
        log.info("told to stop")
        executor.stop()
        leader.resign()


@schedule.command("list")
@REGISTRY
@FORMATS
def list_(portals: Path | None, style: str) -> None:
    """Portals, their schedules, and their runs; times in UTC."""
    config = here()
    roster = Roster(portals or config.portals, datetime.now(UTC))
    with _catalog(config) as catalog:
        show(list(_portal_rows(catalog, roster)), KEYS, style)


def _portal_rows(catalog: Catalog, roster: Roster) -> Iterator[Row]:
    times = Clock(catalog).next_runs(roster.portals, datetime.now(UTC))
    with catalog.reading() as connection:
        pauses, last = ledger.paused(connection), ledger.last_runs(connection)
    for portal in roster.portals:
        pause, newest = pauses.get(portal.id), last.get(portal.id, {})
        active = newest.get("state") if newest.get("state") in {"queued", "running"} else None
        yield {
            "portal": portal.id,
            "name": portal.name,
            "schedule": schedule_of(portal),
            "state": active or ("paused" if pause else "waiting"),
            "reason": pause and pause["reason"],
            "next_run": None if pause else warc_date(times[portal.id]),
            "last_run": newest.get("run"),
            "last_state": newest.get("state"),
            "last_ended": newest.get("ended_at"),
        }


@schedule.command()
@click.argument("portal", metavar="ID")
@REGISTRY
@click.pass_context
def now(context: click.Context, portal: str, portals: Path | None) -> None:
    """Queue a run of this portal; prints the run's id."""
    with _portal(portal, portals) as catalog, catalog.begin() as connection:
        queued = ledger.enqueue(connection, portal, cause=ledger.NOW)
        running, leads = ledger.last_runs(connection).get(portal), holder_of(connection, NAME)
    if queued is None and running:
        click.echo(f"portal {portal!r} has run {running['run']}, which is {running['state']}", err=True)
        context.exit(1)
    click.echo(queued)
    if not leads:
        click.echo("no scheduler leads: it starts when `nianbao schedule run` does", err=True)
        context.exit(1)


@schedule.command()
@click.argument("portal", metavar="ID")
@REGISTRY
@click.option("--reason", metavar="R")
def pause(portal: str, portals: Path | None, reason: str | None) -> None:
    """Let this portal's times pass; `now` still crawls it."""
    with _portal(portal, portals) as catalog, catalog.begin() as connection:
        ledger.pause(connection, portal, reason)


@schedule.command()
@click.argument("portal", metavar="ID")
@REGISTRY
def resume(portal: str, portals: Path | None) -> None:
    """End this portal's pause."""
    with _portal(portal, portals) as catalog, catalog.begin() as connection:
        ledger.resume(connection, portal)


@schedule.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Say who leads; exit status 1 if nobody does."""
    with _catalog(here()) as catalog, catalog.reading() as connection:
        leads = holder_of(connection, NAME)
    if leads is None:
        click.echo("no scheduler leads", err=True)
        context.exit(1)
    click.echo(f"{leads['holder']} on {leads['host']} leads until {leads['until']} at least")


@schedule.command()
@click.option("--portal", metavar="ID")
@FORMATS
def runs(portal: str | None, style: str) -> None:
    """The ledger: runs asked for, and what became of them; newest first."""
    with _catalog(here()) as catalog:
        brief = ("run", "portals", "cause", "state", "reason", "started_at", "ended_at")
        show(ledger.list_runs(catalog, portal), ledger.RUN_KEYS, style, brief=brief)


@contextmanager
def _catalog(config: Config) -> Iterator[Catalog]:
    config.home.mkdir(parents=True, exist_ok=True)
    catalog = open_catalog(config.catalog_url)
    try:
        yield catalog
    finally:
        catalog.close()


@contextmanager
def _portal(portal: str, registry: Path | None) -> Iterator[Catalog]:
    """The catalog, for a portal that is in the registry. Raises ConfigError for another."""
    config = here()
    select(load_registry(registry or config.portals), [portal])
    with _catalog(config) as catalog:
        yield catalog

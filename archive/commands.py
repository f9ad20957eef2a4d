"""The archive's commands: what is kept, what it means, and its care."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

import click
from sqlalchemy import select

from archive.config import Config, load_config
from archive.doctor import examine
from archive.errors import ConfigError, NotArchived
from archive.handoff import group as groups
from archive.index.captures import KEYS, closest_capture, list_captures
from archive.index.catalog import Row
from archive.index.query import MATCHES, CdxQuery, cdx_lines
from archive.index.reader import payload, read_capture, with_payload
from archive.index.schema import attachments, publications
from archive.listing import FORMATS, show
from archive.recover import rebuild as rebuild_catalog
from archive.recover import recover as recover_spool
from archive.reports.coverage import KEYS as COVERAGE_KEYS
from archive.reports.coverage import coverage as coverage_rows
from archive.reports.season import SHANGHAI
from archive.runs import PROBLEM_KEYS, list_problems
from archive.stores import Stores, open_stores

REPORT_KEYS = ("report", "portal", "organ", "organ_as_written", "year", "title", "url", "media_type", "published",
               "captured_at", "digest", "version", "status", "canonical", "duplicate_of", "relation", "flags",
               "attachments")  # fmt: skip


def here() -> Config:
    """The configuration of this process: its environment, its working folder."""
    return load_config(os.environ, Path.cwd())


@contextmanager
def stores() -> Iterator[Stores]:
    with open_stores(here()) as opened:
        yield opened


@click.command()
@click.option("--portal", metavar="ID")
@click.option("--year", type=int)
@FORMATS
def reports(portal: str | None, year: int | None, style: str) -> None:
    """Known reports, a row per publication."""
    with stores() as opened:
        brief = ("portal", "year", "organ", "title", "published", "version", "relation", "flags", "url")
        show(report_rows(opened, portal, year), REPORT_KEYS, style, brief=brief)


def report_rows(opened: Stores, portal: str | None, year: int | None) -> Iterator[Row]:
    question = select(publications).order_by(publications.c.portal, publications.c.year, publications.c.organ)
    if portal:
        question = question.where(publications.c.portal == portal)
    if year:
        question = question.where(publications.c.year == year)
    linked = select(attachments).order_by(attachments.c.page, attachments.c.report, attachments.c.position)
    of_page = groupby(opened.catalog.rows(linked), key=lambda row: (row["page"], row["report"]))
    files = {place: [_file(row) for row in rows] for place, rows in of_page}
    for row in opened.catalog.rows(question.order_by(publications.c.url)):
        yield {**row, "attachments": files.get((row["url"], row["report"]), [])}


def _file(row: Row) -> Row:
    return {key: row[key] for key in ("url", "media_type", "digest")}


@click.command()
@click.option("--portal", metavar="ID")
@FORMATS
def coverage(portal: str | None, style: str) -> None:
    """Organ by year: published, late, changed, missing."""
    with stores() as opened:
        own = (row for row in report_rows(opened, portal, None) if row["canonical"] and not row["aggregator"])
        show(coverage_rows(own, datetime.now(SHANGHAI).date()), COVERAGE_KEYS, style, brief=COVERAGE_KEYS[:6])


@click.command()
@click.option("--url", metavar="U")
@click.option("--portal", metavar="ID")
@click.option("--run", metavar="R")
@FORMATS
def captures(url: str | None, portal: str | None, run: str | None, style: str) -> None:
    """Archived captures."""
    with stores() as opened:
        rows = list_captures(opened.catalog, url=url, portal=portal, run=run)
        show(rows, KEYS, style, brief=("timestamp", "status", "role", "media_type", "portal", "url"))


@click.command()
@click.option("--run", metavar="R")
@click.option("--portal", metavar="ID")
@FORMATS
def problems(run: str | None, portal: str | None, style: str) -> None:
    """What runs skipped, were refused or could not do, each with its reason."""
    with stores() as opened:
        show(list_problems(opened.catalog, run=run, portal=portal), PROBLEM_KEYS, style)


@click.command()
@click.argument("url")
@click.option("--at", metavar="TIMESTAMP", default="99999999999999", help="4 to 14 digits, UTC")
@click.option("--raw", is_flag=True, help="the WARC record's block as it stands")
def get(url: str, at: str, raw: bool) -> None:
    """Write a capture's payload (the decoded entity) to stdout."""
    if not re.fullmatch(r"\d{4,14}", at):
        raise ConfigError(f"--at: {at!r}; allowed: 4 to 14 digits, as in 20260131")
    with stores() as opened:
        capture = closest_capture(opened.catalog, url, at.ljust(14, "9"))
        if capture is None:
            raise NotArchived(f"{url} is not in the archive")
        for chunk in _content(opened, capture, raw=raw):
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()


def _content(opened: Stores, capture: Row, *, raw: bool) -> Iterator[bytes]:
    if not raw:
        with opened.catalog.reading() as connection:
            capture = with_payload(connection, capture)
    with read_capture(opened.objects, capture) as record:
        yield from record.chunks() if raw else payload(record)[1]


@click.command()
@click.argument("url")
@click.option("--match", type=click.Choice(MATCHES), default="exact", show_default=True)
def cdx(url: str, match: str) -> None:
    """CDXJ lines of a URL's captures."""
    with stores() as opened:
        for line in cdx_lines(opened.catalog, CdxQuery(url=url, match=match)):
            click.echo(str(line))


@click.command()
def rebuild() -> None:
    """Make the catalog anew from the stored segments."""
    with stores() as opened:
        click.echo(f"catalog rebuilt from {rebuild_catalog(opened)} segments", err=True)


@click.command()
def recover() -> None:
    """Finish what a crash left in the spool."""
    with stores() as opened:
        done = recover_spool(opened)
    click.echo(f"{done.segments} segments recovered, {len(done.runs)} runs were lost", err=True)
    if done.alive:
        click.echo(f"{done.alive} writers are alive: their segments were left to them", err=True)


@click.group()
def handoff() -> None:
    """The parsing stage's side: pull messages, ack what is parsed."""


GROUP = click.option("--group", metavar="G", required=True, help="the consumer's name")


@handoff.command()
@GROUP
@click.option("--max", "most", type=click.IntRange(1, 10_000), default=100, show_default=True)
@click.option("--lease", type=click.FloatRange(0), default=300, show_default=True, help="seconds")
def pull(group: str, most: int, lease: float) -> None:
    """Lease messages to this group; one CloudEvent a line."""
    with stores() as opened, opened.catalog.begin() as connection:
        taken = groups.pull(connection, group, most=most, lease=timedelta(seconds=lease), now=datetime.now(UTC))
    for one in taken:
        click.echo(one.message)


@handoff.command()
@GROUP
@click.argument("ids", nargs=-1, required=True)
def ack(group: str, ids: tuple[str, ...]) -> None:
    """Say that the messages with these ids are done."""
    with stores() as opened, opened.catalog.begin() as connection:
        groups.ack(connection, group, ids, now=datetime.now(UTC))


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check configuration, object store, catalog, browser, clock, disk; one line each."""
    well = True
    for finding in examine(here()):
        well = well and finding.well
        click.echo(f"{'ok  ' if finding.well else 'FAIL'}  {finding.what:13} {finding.detail}")
    if not well:
        context.exit(1)

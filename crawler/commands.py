"""The crawler's commands: one run now, in this process."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec
from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress

from archive.browser import find_browser
from archive.commands import here
from archive.config import Config
from archive.errors import ConfigError
from archive.listing import FORMATS, show
from archive.recover import waiting
from archive.runs import Summary
from archive.stores import open_stores
from crawler.job import Job, Options, open_job
from crawler.portals.registry import Portal, load_registry, select

REGISTRY = click.option("--portals", metavar="FILE", type=click.Path(path_type=Path), help="registry file or folder")


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@REGISTRY
@click.option("--refresh", is_flag=True, help="every known report and attachment is due now")
@click.option("--full", is_flag=True, help="as if the portals were new")
@click.option("--max-pages", type=click.IntRange(1), metavar="N", help="budget of each portal")
@click.option("--max-seconds", type=click.FloatRange(1), metavar="S", help="stop, and seal, after so long")
@click.option("--run", metavar="R", help="take up this queued run (for the scheduler and its workers)")
@click.option("--json", "as_json", is_flag=True, help="end with one summary object on stdout")
@click.pass_context
def crawl(
    context: click.Context,
    ids: tuple[str, ...],
    portals: Path | None,
    *,
    refresh: bool,
    full: bool,
    max_pages: int | None,
    max_seconds: float | None,
    run: str | None,
    as_json: bool,
) -> None:
    """Crawl the named portals, or all of the registry, once and now."""
    config = here()
    chosen = select(load_registry(portals or config.portals), ids)
    options = Options(refresh=refresh, full=full, max_pages=max_pages, max_seconds=max_seconds, run=run)
    summary = run_crawl(config, chosen, options)
    _finish(context, summary, as_json=as_json)


@click.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@REGISTRY
@click.option("--render", is_flag=True, help="with the browser: what the page loads, its DOM and a picture too")
@click.option("--json", "as_json", is_flag=True, help="end with one summary object on stdout")
@click.pass_context
def save(context: click.Context, urls: tuple[str, ...], portals: Path | None, *, render: bool, as_json: bool) -> None:
    """Capture these URLs as they are."""
    config = here()
    for url in urls:
        _check_url(url)
    if render and find_browser(config.browser) is None:
        raise ConfigError("NIANBAO_BROWSER: no browser was found; allowed: an executable file, or Chromium on PATH")
    owners = [portal for portal in load_registry(portals or config.portals) if any(map(portal.owns, urls))]
    _finish(context, run_save(config, owners, urls, render=render), as_json=as_json)


@click.command()
@click.argument("url")
@REGISTRY
@FORMATS
def explain(url: str, portals: Path | None, style: str) -> None:
    """Why an address was (not) followed, fetched, taken for a report, tied to another, handed off."""
    from crawler.explanation import KEYS
    from crawler.explanation import explain as explain_address

    config = here()
    _check_url(url)
    known = load_registry(portals or config.portals)
    with open_stores(config) as stores:
        show((dict(zip(KEYS, line, strict=True)) for line in explain_address(stores, known, url)), KEYS, style)


def _check_url(url: str) -> None:
    try:
        place = urlsplit(url)
        sound = place.scheme in {"http", "https"} and bool(place.hostname) and place.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise ConfigError(f"URL: {url!r}; allowed: an absolute http:// or https:// address")


def run_crawl(config: Config, portals: Sequence[Portal], options: Options) -> Summary:
    from crawler.spiders.portal import PortalSpider

    with open_job(config, portals, options) as job:
        return _run(job, PortalSpider)


def run_save(config: Config, portals: Sequence[Portal], urls: Sequence[str], *, render: bool) -> Summary:
    from crawler.spiders.save import SaveSpider

    with open_job(config, portals, Options(leased=False)) as job:
        return _run(job, SaveSpider, urls=tuple(urls), render=render)


def _run(job: Job, spider: type[Any], **arguments: Any) -> Summary:
    """Runs the spider to its end in Scrapy's own process frame."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    if job.recovered.segments:
        click.echo(f"recovered {job.recovered.segments} segments that a crash had left", err=True)
    if job.outcome == "skipped":
        return job.close()
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.set("CLOSESPIDER_TIMEOUT", job.options.max_seconds or 0)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    process.crawl(crawler, job=job, **arguments)
    with _progress(job), _calm_log():
        process.start()
    _note_end(job, crawler.stats.get_value("finish_reason"))
    summary = job.close()
    if job.failure:
        click.echo(f"nianbao: {job.failure}{_advice(job)}", err=True)
    return summary


def _note_end(job: Job, reason: str) -> None:
    if reason == "closespider_timeout":
        job.problem("budget", f"stopped after {job.options.max_seconds:g} s")
    if job.outcome == "finished" and reason != "finished":
        job.outcome = "stopped"


def _advice(job: Job) -> str:
    left = waiting(job.stores.spool)
    return f"; {left} segments wait in {job.stores.spool}: `nianbao recover` deposits them" if left else ""


@contextmanager
def _progress(job: Job) -> Iterator[None]:
    """A bar for each portal on stderr, while it is a terminal: pages fetched of pages asked for so far."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), "pages", "{task.fields[reports]} reports")
    progress = Progress(*columns, console=console)
    tasks = {portal.id: progress.add_task(portal.id, reports=0) for portal in job.portals}

    def counted() -> Progress:
        for portal, task in tasks.items():
            pages, reports = job.pages[portal], job.reports[portal]
            progress.update(task, completed=pages, total=max(pages, job.asked[portal]), reports=reports)
        return progress

    with Live(get_renderable=counted, console=console, refresh_per_second=4):
        yield


@contextmanager
def _calm_log() -> Iterator[None]:
    """What is a problem row already need not be a line on stderr too."""
    names = ("scrapy.downloadermiddlewares", "scrapy.core.scraper", "scrapy-playwright")
    calmed = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in calmed]
    for logger in calmed:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(calmed, levels, strict=True):
            logger.setLevel(level)


def _finish(context: click.Context, summary: Summary, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(summary), ensure_ascii=False))
    _say(summary)
    if summary.outcome == "failed":
        context.exit(3)
    if summary.problems or summary.outcome != "finished":
        context.exit(1)


def _say(summary: Summary) -> None:
    to_stderr: Callable[[str], None] = lambda line: click.echo(line, err=True)  # noqa: E731
    to_stderr(f"run {summary.run} {summary.outcome}: {summary.captures} captures ({summary.revisits} revisits), "
              f"{summary.reports_new} new reports, {summary.reports_changed} changed, "
              f"{summary.reports_unchanged} unchanged, {summary.seconds:.1f} s")  # fmt: skip
    for problem in summary.problems[:10]:
        to_stderr(f"  {problem.kind}: {problem.url or problem.portal or ''} {problem.detail}")
    if len(summary.problems) > 10:
        to_stderr(f"  … {len(summary.problems) - 10} more problems")

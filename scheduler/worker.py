"""The worker: takes jobs, and executes each as a crawl in a process of its own, on whatever machine it stands.

    takes a job -> its crawl is under way -> it ended -> the job is finished

Told to stop it takes no more, and waits for its crawls to seal. While the database is away its crawls go on, and it
asks again. Killed, it leaves them to themselves; a run that they do not end is found lost, and another worker's next.
"""

import logging
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands import here
from archive.config import Config
from archive.errors import CatalogError, ConfigError
from archive.index.catalog import Catalog, open_catalog
from archive.lease import HOST
from scheduler.launch import LocalExecutor, finish_leftovers
from scheduler.roster import REGISTRY
from scheduler.service import begin_service

if TYPE_CHECKING:
    from scheduler.jobs import Job, Jobs

TURN_SECONDS = 1.0

log = logging.getLogger(__name__)


@click.command()
@REGISTRY
@click.option("--processes", metavar="N", type=click.IntRange(1), default=2, show_default=True, help="crawls at once")
@click.option("--timeout", metavar="HOURS", type=click.FloatRange(0, min_open=True), default=6, show_default=True,
              help="a crawl that takes longer is told to stop, and to seal")  # fmt: skip
def worker(portals: Path | None, processes: int, timeout: float) -> None:
    """Execute queued runs on this machine (executor procrastinate)."""
    config = here()
    if config.executor != "procrastinate":
        raise ConfigError(f"NIANBAO_EXECUTOR: {config.executor!r} is wrong; allowed with `worker`: procrastinate")
    from scheduler.jobs import Jobs

    is_stopped = begin_service()
    catalog = _await_catalog(config, is_stopped)
    if catalog is None:
        return
    with closing(catalog):
        finish_leftovers(config)
        jobs = Jobs(config.catalog_url, seconds=config.lease_seconds)
        crawls = LocalExecutor(config, catalog, portals=portals, processes=processes, max_seconds=timeout * 3600)
        Worker(jobs, crawls, processes=processes).work(is_stopped)


class Worker:
    def __init__(self, jobs: "Jobs", crawls: LocalExecutor, *, processes: int) -> None:
        self._jobs, self._crawls, self._processes = jobs, crawls, processes
        self._taken: dict[str, Job] = {}
        self._away = False

    def work(self, is_stopped: Callable[[], bool]) -> None:
        log.info("the worker on %s takes jobs, %d at once", HOST, self._processes)
        while not is_stopped():
            self._turn()
            time.sleep(TURN_SECONDS)
        log.info("told to stop: %d crawls seal what they have", len(self._taken))
        self._crawls.stop()
        try:
            self._finish_ended()
            self._jobs.close()
        except CatalogError as exc:
            log.warning("%s: the jobs of this worker are released once it is missed", exc)

    def _turn(self) -> None:
        try:
            self._crawls.tick()
            self._jobs.beat()
            self._finish_ended()
            while len(self._taken) < self._processes and self._take():
                pass
        except CatalogError as exc:
            if not self._away:
                log.warning("%s: asking until it answers", exc)
            self._away = True
        else:
            if self._away:
                log.info("the catalog answers again")
            self._away = False

    def _finish_ended(self) -> None:
        for run in self._taken.keys() - self._crawls.under_way:
            self._jobs.finish(self._taken[run])
            del self._taken[run]

    def _take(self) -> bool:
        job = self._jobs.take()
        if job is None:
            return False
        self._taken[job.run] = job
        self._crawls.start([{"run": job.run, "portals": [job.portal]}])
        return True


def _await_catalog(config: Config, is_stopped: Callable[[], bool]) -> Catalog | None:
    said = ""
    while not is_stopped():
        try:
            return open_catalog(config.catalog_url)
        except CatalogError as exc:
            if str(exc) != said:
                log.warning("%s: asking until it answers", exc)
            said = str(exc)
            time.sleep(TURN_SECONDS)
    return None

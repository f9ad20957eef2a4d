"""The jobs: queued runs on their way to workers on any machine, as rows of procrastinate in the catalog's PostgreSQL.

(none) --defer--> todo --take--> doing --finish--> (none)      one job a queued run; a portal's jobs go one by one
   ^                               |
   +--------- release -------------+                           its worker has not been heard of

Invariant: jobs only carry what the ledger decides, and may all be lost: what is still queued is deferred again. A job
taken twice does no harm, for the crawl takes up its run, and its portal's lease, once (I7).
"""

import asyncio
import hashlib
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import make_url

from archive.config import Config
from archive.errors import CatalogError, ConfigError
from archive.index.catalog import Row
from archive.lease import portal_lease

try:
    import psycopg
    from procrastinate import App, PsycopgConnector
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
    from procrastinate.jobs import Status
    from procrastinate.manager import JobManager
    from procrastinate.schema import SchemaManager
    from psycopg.conninfo import make_conninfo
    from psycopg_pool import AsyncNullConnectionPool
except ModuleNotFoundError as exc:
    needs = "NIANBAO_EXECUTOR: 'procrastinate' needs more packages: pip install nianbao[workers]"
    raise ConfigError(needs) from exc

Value = TypeVar("Value")

CRAWL = "crawl"
"""Name of the queue, and of its one kind of job."""
SCHEMA = "procrastinate"
CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    id: int
    run: str
    portal: str


class Jobs:
    """The queue's door, for the scheduler's side and for a worker's. It opens at the first question, and each may raise
    CatalogError: then it may be asked again. Of a worker that has not beaten for `seconds` the jobs are released."""

    def __init__(self, catalog_url: str, *, seconds: float) -> None:
        self._url, self._seconds = make_url(catalog_url), seconds
        self._conninfo = _conninfo(catalog_url)
        self._runner = asyncio.Runner()
        # A connection a question: a kept one could break unseen while the loop is not run.
        self._pool = AsyncNullConnectionPool(self._conninfo, open=False, timeout=CONNECT_SECONDS)
        self._app: App | None = None
        self._worker: int | None = None
        self._beats_at = self._releases_at = 0.0

    def defer(self, rows: Sequence[Row]) -> None:
        """A job for each of the ledger's queued runs that has none."""
        self._do(self._defer(rows))

    def take(self) -> Job | None:
        """The oldest job whose portal has no other under way."""
        return self._do(self._take())

    def finish(self, job: Job) -> None:
        """Again is no error, nor after the job was released."""
        self._do(self._finish(job))

    def beat(self) -> None:
        if time.monotonic() >= self._beats_at:
            self._do(self._beat())
            self._beats_at = time.monotonic() + self._seconds / 3

    def release_stalled(self) -> None:
        """Ends the jobs of dead workers, so that their portals' next ones may be taken; forgets those workers."""
        if time.monotonic() >= self._releases_at:
            self._do(self._release())
            self._releases_at = time.monotonic() + self._seconds / 3

    def close(self) -> None:
        try:
            if self._app:
                self._do(self._leave())
        finally:
            self._runner.close()

    def _do(self, work: Coroutine[Any, Any, Value]) -> Value:
        try:
            return self._runner.run(work)
        except (ConnectorException, psycopg.Error) as exc:
            reason = str(exc.__cause__ or exc).splitlines()[0]
            raise CatalogError(f"jobs in {self._url.render_as_string(hide_password=True)}: {reason}") from exc

    async def _opened(self) -> App:
        if self._app is None:
            _install(self._conninfo, self._url.render_as_string(hide_password=True))
            await self._pool.open()
            app = App(connector=PsycopgConnector())
            await app.open_async(self._pool)
            self._app = app
        return self._app

    async def _defer(self, rows: Sequence[Row]) -> None:
        app = await self._opened()
        carried = {job.task_kwargs["run"] for job in await app.job_manager.list_jobs_async(queue=CRAWL)}
        for row in rows:
            run, portal = row["run"], row["portals"][0]
            if run not in carried:
                one = app.configure_task(CRAWL, queue=CRAWL, lock=portal_lease(portal), queueing_lock=run)
                await _once(one.defer_async(run=run, portal=portal))

    async def _take(self) -> Job | None:
        manager = (await self._opened()).job_manager
        if self._worker is None:
            self._worker = await manager.register_worker()
        try:
            job = await manager.fetch_job([CRAWL], self._worker)
        except ConnectorException as exc:
            if not isinstance(exc.__cause__, psycopg.errors.ForeignKeyViolation):
                raise
            self._worker = None  # it slept, was held for dead, and forgotten
            return await self._take()
        if job is None or job.id is None:
            return None
        return Job(id=job.id, run=str(job.task_kwargs["run"]), portal=str(job.task_kwargs["portal"]))

    async def _finish(self, job: Job) -> None:
        await _end((await self._opened()).job_manager, job.id)

    async def _beat(self) -> None:
        app = await self._opened()
        if self._worker is not None:
            await app.job_manager.update_heartbeat(self._worker)

    async def _release(self) -> None:
        manager = (await self._opened()).job_manager
        for job in await manager.get_stalled_jobs(queue=CRAWL, seconds_since_heartbeat=self._seconds):
            await _end(manager, job.id or 0)
        await manager.prune_stalled_workers(self._seconds)

    async def _leave(self) -> None:
        app = await self._opened()
        try:
            if self._worker is not None:
                await app.job_manager.unregister_worker(self._worker)
        finally:
            await self._pool.close()


class Workers:
    """The executor whose processes are workers on any machine."""

    def __init__(self, config: Config) -> None:
        self._jobs = Jobs(config.catalog_url, seconds=config.lease_seconds)

    def start(self, rows: Sequence[Row]) -> None:
        if rows:
            self._jobs.defer(rows)

    def tick(self) -> None:
        self._jobs.release_stalled()

    def stop(self) -> None:
        """What workers have taken goes on; what they have not is deferred already."""
        self._jobs.close()


async def _end(manager: JobManager, job: int) -> None:
    try:
        await manager.finish_job_by_id_async(job, Status.FAILED, delete_job=True)
    except ConnectorException as exc:
        # Raised by procrastinate's own SQL: there is no such job (any more), as another process has ended it.
        if not isinstance(exc.__cause__, psycopg.errors.RaiseException):
            raise


async def _once(deferring: Coroutine[Any, Any, int]) -> None:
    try:
        await deferring
    except AlreadyEnqueued:  # by another scheduler, since the jobs were listed
        return


def _conninfo(catalog_url: str) -> str:
    """As SQLAlchemy reads the URL, and with our tables' schema for every name that procrastinate says."""
    url = make_url(catalog_url)
    _, given = url.get_dialect()().create_connect_args(url)
    options = f"{given.get('options', '')} -c search_path={SCHEMA}".strip()
    return make_conninfo(**{"connect_timeout": CONNECT_SECONDS, **given, "options": options})


def _install(conninfo: str, shown: str) -> None:
    """Makes procrastinate's tables where they are missing. Raises ConfigError for those of another version."""
    tables = SchemaManager.get_schema()
    sign = f"sha256:{hashlib.sha256(tables.encode()).hexdigest()}"
    with psycopg.connect(conninfo) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [SCHEMA])  # workers may start at once
        row = connection.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA]).fetchone()
        found = row and row[0]
        if found is None:
            connection.execute(f"CREATE SCHEMA {SCHEMA}")
            connection.execute(tables)
            connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{sign}'")
        elif found != sign:
            raise ConfigError(f"{shown}: schema {SCHEMA} was made for another version of procrastinate; stop the "
                              f"schedulers and workers of both, then DROP SCHEMA {SCHEMA} CASCADE")  # fmt: skip

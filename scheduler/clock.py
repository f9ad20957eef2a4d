"""The clock: APScheduler's jobs, one a portal, in its job store on the catalog's database. Whoever leads strikes it.

    strike(now):  due -> queued          at most a day late; what fell due several times counts once, the newest time
                      -> skipped         later than that: a row says when it was due
                      -> nothing         while its portal is paused

Time is a parameter, and so nothing fires but by `strike`. APScheduler's own loop reads the machine's clock, and goes on
to a job's next time when firing failed: a crawl would be left out without a row (I9).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.base import STATE_STOPPED, BaseScheduler
from sqlalchemy import Connection, inspect

from archive.index.catalog import Catalog, translated
from crawler.portals.registry import Portal
from scheduler import ledger
from scheduler.calendar import schedule_of, trigger_of

TABLE = "schedule_jobs"
MOST_LATE = timedelta(days=1)
POLICY = {"coalesce": True, "misfire_grace_time": int(MOST_LATE.total_seconds()), "max_instances": 1}

Firing = Callable[..., str | None]


def firing(portal: str) -> Firing:
    """What a job does: it queues a run of its portal, and nothing else."""
    return partial(ledger.enqueue, portal=portal, cause=ledger.SCHEDULE)


class Clock(BaseScheduler):  # type: ignore[misc]  # APScheduler has no types
    def __init__(self, catalog: Catalog) -> None:
        super().__init__(timezone=UTC, job_defaults=POLICY)
        self._catalog = catalog
        self._store = SQLAlchemyJobStore(engine=catalog.engine, tablename=TABLE)
        self.add_jobstore(self._store)

    def wakeup(self) -> None:
        """Nothing sleeps here."""

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)

    def sync(self, portals: Sequence[Portal], now: datetime) -> None:
        """Makes the jobs those of the registry. One whose schedule is what it was keeps its next time: so what fell due
        while no scheduler ran is still due."""
        triggers = {portal.id: (schedule_of(portal), trigger_of(portal)) for portal in portals}
        with translated(self._catalog.engine):
            self._open()
            present = {job.id: job.name for job in self.get_jobs()}
            for portal in present.keys() - triggers.keys():
                self.remove_job(portal)
            for portal, (schedule, trigger) in triggers.items():
                if present.get(portal) != schedule:
                    first = trigger.get_next_fire_time(None, now)
                    about = {"id": portal, "name": schedule, "args": (portal,), "next_run_time": first}
                    self.add_job(firing, trigger, **about, replace_existing=True)

    def strike(self, now: datetime, fence: Callable[[Connection], None]) -> None:
        """Queues what is due. `fence` is called in each transaction that queues; what it raises ends the strike."""
        with translated(self._catalog.engine):
            due = self._store.get_due_jobs(now)
        for job in due:
            at, following = _last_due(job, now)
            with self._catalog.begin() as connection:
                fence(connection)
                _fall_due(connection, job, at, now)
            # After the commit: killed between the two it falls due again, and the ledger knows that it has a run.
            with translated(self._catalog.engine):
                job.modify(next_run_time=following)

    def next_runs(self, portals: Sequence[Portal], now: datetime) -> dict[str, datetime]:
        """By portal; by the calendar, where no scheduler has seen the portal's schedule yet."""
        with translated(self._catalog.engine):
            stored = self._stored() if inspect(self._catalog.engine).has_table(TABLE) else {}
        fresh = {portal.id: trigger_of(portal).get_next_fire_time(None, now) for portal in portals}
        known = {portal.id: stored.get((portal.id, schedule_of(portal))) for portal in portals}
        return {portal: (known[portal] or fresh[portal]).astimezone(UTC) for portal in fresh}

    def _stored(self) -> dict[tuple[str, str], datetime]:
        self._open()
        return {(job.id, job.name): job.next_run_time for job in self.get_jobs()}

    def _open(self) -> None:
        """As late as this, for it makes the store's table: two who made it at once would disturb each other."""
        if self.state == STATE_STOPPED:
            self.start(paused=True)


def _fall_due(connection: Connection, job: Job, at: datetime, now: datetime) -> None:
    if job.id in ledger.paused(connection):
        return
    if now - at > MOST_LATE:
        reason = f"missed: was due {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}, no scheduler ran"
        ledger.skip(connection, job.id, cause=ledger.SCHEDULE, reason=reason)
    else:
        job.func(*job.args)(connection, due=at.astimezone(UTC))


def _last_due(job: Job, now: datetime) -> tuple[datetime, datetime]:
    """When it was due last, and when it will be next. Times too late to matter are not counted through."""
    due = job.next_run_time
    following = max(due, job.trigger.get_next_fire_time(None, now - MOST_LATE))
    while following <= now:
        due, following = following, job.trigger.get_next_fire_time(following, now)
    return due, following

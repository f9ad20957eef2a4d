"""A job: one run of the crawler, from the configuration to the summary.

    open_job: recover what a crash left -> the run's row, its leases -> writer and depositor    (before any request)
    Job:      keeps exchanges, counts, notes problems                                           (while spiders crawl)
    close:    run note -> last segment sealed and deposited -> the run's row, leases given up   (once, in any case)

Every skipped, refused or failed thing is a problem: a row with a reason (I9), in the catalog and in the run's note.
"""

import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from archive.capture.compose import warc_date
from archive.capture.dedup import Dedup
from archive.capture.exchange import Digest, Exchange, Original, RecordId
from archive.capture.writer import Appended, SegmentWriter
from archive.config import Config
from archive.deposit import Depositor
from archive.errors import ArchiveError, LeaseLost, SpoolError
from archive.index.catalog import Catalog, Row, original_with
from archive.index.renditions import rendition_with
from archive.lease import Keeper, Lease, give_up, kept, portal_lease, take
from archive.recover import Recovered, recover
from archive.runs import Problem, Summary, alive, begin_run, end_run, hear, new_run, take_up
from archive.stores import Stores, open_stores
from crawler import SOFTWARE, user_agent
from crawler.discovery.learned import note_exploration
from crawler.errors import Refused
from crawler.portals.registry import Portal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`refresh`: every known report is due now. `full`: as if the portals were new. `max_pages` caps each portal's.
    `run` is a queued one to be taken up; `leased`: whether the portals must be this run's alone (I7)."""

    refresh: bool = False
    full: bool = False
    max_pages: int | None = None
    max_seconds: float | None = None
    run: str | None = None
    leased: bool = True


@dataclass(kw_only=True)
class Job:
    """`pages`, `asked` and `reports` count by portal; `sitemaps` are those that its hosts' robots.txt name, `explored`
    says of each that was looked through afresh why it was."""

    run: str
    config: Config
    portals: tuple[Portal, ...]
    options: Options
    stores: Stores
    recovered: Recovered
    keeper: Keeper
    note: Callable[[Problem], None]
    problems: list[Problem] = field(default_factory=list)
    pages: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    reports: Counter[str] = field(default_factory=Counter)
    sitemaps: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    explored: dict[str, str] = field(default_factory=dict)
    fetches: int = 0
    captures: int = 0
    revisits: int = 0
    bytes_wire: int = 0
    bytes_stored: int = 0
    outcome: str = "finished"
    failure: ArchiveError | None = None
    summary: Summary | None = None

    def __post_init__(self) -> None:
        self.started = time.monotonic()
        dedup = Dedup(self._stored, self._rendered)
        self.depositor = Depositor(self.stores, deposited=dedup.forget_ingested, fence=self.keeper.fence)
        self.writer = SegmentWriter(
            spool=self.stores.spool,
            on_sealed=self.depositor.put,
            writer=str(os.getpid()),
            info=self._info(),
            segment_bytes=self.config.segment_bytes,
            segment_age=timedelta(seconds=self.config.segment_seconds),
            dedup=dedup,
        )

    def _stored(self, digest: Digest) -> Original | None:
        with self.stores.catalog.reading() as connection:
            return original_with(connection, digest)

    def _rendered(self, digest: Digest) -> RecordId | None:
        with self.stores.catalog.reading() as connection:
            return rendition_with(connection, digest)

    def _info(self) -> dict[str, str]:
        return {
            "software": SOFTWARE,
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "operator": self.config.contact,
            "http-header-user-agent": user_agent(self.config.contact),
            "robots": "obey (RFC 9309)",
            "configurationDigest": self.config.digest(),
            "isPartOf": self.run,
            "portals": " ".join(portal.id for portal in self.portals),
        }

    def portal_of(self, url: str) -> Portal | None:
        return next((portal for portal in self.portals if portal.owns(url)), None)

    def portal_id(self, url: str) -> str | None:
        portal = self.portal_of(url)
        return portal.id if portal else None

    def is_spent(self, portal: Portal) -> bool:
        """Whether the portal's budget of pages is."""
        return self.pages[portal.id] >= self.most_pages(portal)

    def most_pages(self, portal: Portal) -> int:
        return min(portal.max_pages, self.options.max_pages or portal.max_pages)

    def leave_out(self, busy: Mapping[str, Row]) -> None:
        """Says which portals are not crawled, as other runs hold their leases."""
        for name, row in busy.items():
            detail = f"run {row['holder']} on {row['host']} crawls it, and holds it until {row['until']} at least"
            self.problem("leased", detail, portal=name.removeprefix(portal_lease("")))
        if busy and not self.portals:
            self.outcome = "skipped"

    def permit(self, url: str) -> None:
        """Asked last before the network. Raises Refused once the portals may be another run's (I7)."""
        try:
            self.keeper.check()
        except LeaseLost as exc:
            raise Refused(f"{url} is not fetched: {exc}") from exc

    def keep(self, exchange: Exchange) -> Appended:
        """Raises SpoolError, and then the run is over: nothing may be seen that is not kept (I1)."""
        if isinstance(self.failure, SpoolError):
            raise self.failure
        try:
            appended = self.writer.append(exchange)
        except ArchiveError as exc:
            self.fail(exc)
            raise
        self.fetches += 1
        self.captures += 1
        self.revisits += appended.revisit
        self.bytes_wire += len(exchange.request) + len(exchange.interim) + exchange.response_length
        self.bytes_stored += appended.stored
        return appended

    def fail(self, error: ArchiveError) -> None:
        self.outcome, self.failure = "failed", self.failure or error

    def problem(self, kind: str, detail: str, *, url: str | None = None, portal: str | None = None) -> None:
        at = warc_date(datetime.now(UTC))
        self.problems.append(Problem(kind=kind, portal=portal, url=url, detail=detail, at=at))
        try:
            self.note(self.problems[-1])
        except ArchiveError as exc:
            self.fail(exc)

    def close(self) -> Summary:
        """Seals, deposits and sums up, the first time. A failure of the archive is the summary's, and `failure`."""
        if self.summary is None:
            try:
                self._close_writer()
            except ArchiveError as exc:
                self.fail(exc)
            self.keeper.close()  # first: a renewal that comes after would hold the portals as if the run went on
            with self.stores.catalog.begin() as connection:
                for portal, why in self.explored.items():
                    note_exploration(connection, portal=portal, run=self.run, at=datetime.now(UTC), reason=why)
                self.summary = end_run(connection, self._sum_up())
                give_up(connection, self.keeper.held)
        return self.summary

    def _sum_up(self) -> Summary:
        return Summary(
            run=self.run,
            outcome=self.outcome,
            portals=[portal.id for portal in self.portals],
            fetches=self.fetches,
            captures=self.captures,
            revisits=self.revisits,
            bytes_wire=self.bytes_wire,
            bytes_stored=self.bytes_stored,
            seconds=round(time.monotonic() - self.started, 3),
            problems=self.problems,
        )

    def _close_writer(self) -> None:
        with ExitStack() as steps:  # from the last to the first, each whatever became of those before
            steps.callback(self.writer.close)
            steps.callback(self.depositor.close)
            steps.callback(self.writer.seal)
            if self.outcome != "skipped":
                self.writer.close_run(self.run, self._note())

    def _note(self) -> Iterator[tuple[str, str]]:
        yield "outcome", self.outcome
        yield "portals", " ".join(portal.id for portal in self.portals)
        for problem in self.problems:
            yield "problem", f"{problem.kind} {problem.portal or '-'} {problem.url or '-'} {problem.detail}"


@contextmanager
def open_job(config: Config, portals: Sequence[Portal], options: Options) -> Iterator[Job]:
    """A job, closed at the end at the latest. Portals that another run has leased are no part of it, and a problem says
    so; where none is left, `outcome` is `skipped`. Raises StoreError, CatalogError, SpoolError, and ConfigError for a
    run that is not queued, before the first fetch."""
    with open_stores(config) as stores:
        stores.objects.check()  # better no crawl than one whose segments have nowhere to go
        recovered = recover(stores)
        run = options.run or new_run(datetime.now(UTC))
        with alive(stores.spool, run) as note:
            leases, busy = _begin(stores.catalog, config, run, portals, options)
            beat = partial(hear, run=run, seconds=config.lease_seconds)
            with kept(stores.catalog, leases, seconds=config.lease_seconds, beat=beat) as keeper:
                job = Job(
                    run=run,
                    config=config,
                    portals=tuple(portal for portal in portals if portal_lease(portal.id) not in busy),
                    options=options,
                    stores=stores,
                    recovered=recovered,
                    keeper=keeper,
                    note=note,
                )
                with _closing(job):
                    job.leave_out(busy)
                    yield job


def _begin(
    catalog: Catalog, config: Config, run: str, portals: Sequence[Portal], options: Options
) -> tuple[list[Lease], dict[str, Row]]:
    """The run's row and, in the same transaction, its leases; gives them, and those that others hold."""
    ids = [portal.id for portal in portals]
    with catalog.begin() as connection:
        if options.run:
            take_up(connection, run)
        else:
            begin_run(connection, run, ids, cause="crawl" if options.leased else "save")
        hear(connection, run, seconds=config.lease_seconds)
        wanted = map(portal_lease, ids) if options.leased else ()
        leases, held = take(connection, wanted, run, seconds=config.lease_seconds)
    return leases, {row["name"]: row for row in held}


@contextmanager
def _closing(job: Job) -> Iterator[None]:
    try:
        yield
    except BaseException:  # an interrupt too: its summary must not say that the run finished
        job.outcome = "failed"
        raise
    finally:
        job.close()

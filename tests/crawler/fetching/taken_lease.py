"""`tests.conformance.asking` on a machine where every lease is taken by another while a host's name is looked up: as
for a process that was stopped there, and woke up late."""

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from archive.capture.compose import warc_date
from archive.errors import LeaseLost
from archive.index.schema import leases
from crawler.fetching.address_guard import GuardedResolver
from crawler.job import Job
from tests.conformance.asking import main
from tests.patience import until

jobs: list[Job] = []
begin, resolve = Job.__post_init__, GuardedResolver.resolveHostName


def remember(job: Job) -> None:
    begin(job)
    jobs.append(job)


def look_up(self: Any, *args: Any, **named: Any) -> Any:
    later = warc_date(datetime.now(UTC) + timedelta(hours=1))
    with jobs[0].stores.catalog.begin() as connection:
        connection.execute(update(leases).values(token=leases.c.token + 1, holder="another", until=later))
    until(lambda: is_lost(jobs[0]))
    return resolve(self, *args, **named)


def is_lost(job: Job) -> bool:
    try:
        job.keeper.check()
    except LeaseLost:
        return True
    return False


Job.__post_init__ = remember  # type: ignore[method-assign]
GuardedResolver.resolveHostName = look_up  # type: ignore[method-assign]

if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

"""Groups: every consumer has its own position; of a message nobody else holds it, and none is lost (at least once)."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from archive.errors import ConfigError
from archive.handoff.group import MOST_TRIES, ack, pull, waiting
from archive.index.schema import deliveries, handoffs
from archive.recover import rebuild
from archive.stores import Stores
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, PORTAL, page
from tests.archive.reports.pages import REPORT, html

LEASE = timedelta(seconds=60)
IDS = [f"m{number:02}" for number in range(12)]


@pytest.fixture
def queued(stores: Stores) -> Stores:
    rows = [{"id": one, "report": one, "version": 1, "message": f"<{one}>"} for one in IDS]
    with stores.catalog.begin() as connection:
        connection.execute(insert(handoffs), rows)
    return stores


def pulled(stores: Stores, group: str = "g", *, most: int = 5, now: datetime = AT) -> list[str]:
    with stores.catalog.begin() as connection:
        return [one.id for one in pull(connection, group, most=most, lease=LEASE, now=now)]


def acked(stores: Stores, ids: Sequence[str], group: str = "g") -> None:
    with stores.catalog.begin() as connection:
        ack(connection, group, ids, now=AT)


def left(stores: Stores, group: str = "g") -> int:
    with stores.catalog.reading() as connection:
        return waiting(connection, group)


def states(stores: Stores) -> set[str]:
    return {row["state"] for row in stores.catalog.rows(select(deliveries))}


def test_messages_come_oldest_first_and_once_while_leased(queued: Stores) -> None:
    assert [pulled(queued) for _ in range(4)] == [IDS[:5], IDS[5:10], IDS[10:], []]


def test_a_pulled_message_is_the_one_that_was_queued(queued: Stores) -> None:
    with queued.catalog.begin() as connection:
        assert pull(connection, "g", most=1, lease=LEASE, now=AT)[0].message == "<m00>"


def test_a_message_comes_back_when_its_lease_ends(queued: Stores) -> None:
    assert pulled(queued, most=1) == ["m00"]
    assert pulled(queued, most=1, now=AT + LEASE - timedelta(microseconds=1)) == ["m01"]
    assert pulled(queued, most=3, now=AT + LEASE) == ["m00", "m02", "m03"]


def test_an_acked_message_does_not_come_back(queued: Stores) -> None:
    acked(queued, pulled(queued, most=11))
    assert pulled(queued, now=AT + 2 * LEASE) == ["m11"]
    assert left(queued) == 1


def test_after_five_tries_a_message_is_parked(queued: Stores) -> None:
    tries = [pulled(queued, most=1, now=AT + number * LEASE) for number in range(MOST_TRIES + 1)]
    assert tries == [["m00"]] * 5 + [["m01"]]
    assert states(queued) == {"parked", "leased"}
    assert left(queued) == len(IDS) - 1


def test_a_parked_message_can_still_be_acked(queued: Stores) -> None:
    for number in range(MOST_TRIES + 1):
        pulled(queued, most=1, now=AT + number * LEASE)
    acked(queued, ["m00"])
    assert states(queued) == {"acked", "leased"}


def test_acking_again_changes_nothing(queued: Stores) -> None:
    ids = pulled(queued)
    acked(queued, ids)
    before = list(queued.catalog.rows(select(deliveries)))
    with queued.catalog.begin() as connection:
        ack(connection, "g", ids, now=AT + LEASE)
    assert list(queued.catalog.rows(select(deliveries))) == before


@pytest.mark.parametrize("unknown", ["m11", "never"])
def test_an_ack_of_what_was_never_pulled_is_refused_whole(queued: Stores, unknown: str) -> None:
    ids = pulled(queued)
    with pytest.raises(ConfigError, match=f"group 'g' never pulled '{unknown}'"):
        acked(queued, [*ids, unknown])
    assert states(queued) == {"leased"}


def test_groups_do_not_see_each_other(queued: Stores) -> None:
    ids = pulled(queued, "one")
    acked(queued, ids, "one")
    assert pulled(queued, "two") == ids
    with pytest.raises(ConfigError):
        acked(queued, ids, "three")


def test_consumers_that_pull_at_once_get_different_messages(queued: Stores) -> None:
    def consume(_: int) -> list[str]:
        return [one for _ in range(3) for one in pulled(queued, most=1)]

    with ThreadPoolExecutor(4) as consumers:
        taken = [one for ids in consumers.map(consume, range(4)) for one in ids]
    assert sorted(taken) == IDS


def test_positions_survive_a_rebuild(crawl: Crawl) -> None:
    titles = [f"松江区{organ}局2023年政府信息公开工作年度报告" for organ in ("财政", "教育", "民政")]
    crawl.keep(*(page(f"/{n}", html(title, REPORT), facts=PORTAL) for n, title in enumerate(titles)))
    ids = pulled(crawl.stores, most=2)
    acked(crawl.stores, ids[:1])
    rebuild(crawl.stores)
    assert len(crawl.messages()) == 3
    assert not {*pulled(crawl.stores)} & {*ids}
    assert pulled(crawl.stores, now=AT + LEASE)[0] == ids[1]

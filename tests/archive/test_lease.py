"""Leases: one holder at a time, a token that grows, a late holder that is told and refused (I7)."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Connection, update

from archive.deposit import deposit
from archive.errors import LeaseLost
from archive.index.schema import captures, leases
from archive.lease import Keeper, Lease, fence, free_all, give_up, holder_of, kept, renew, take
from archive.stores import Stores
from tests.archive.crawl import Crawl
from tests.archive.exchanges import page

NAMES = ["portal/a", "portal/b"]


def taken(stores: Stores, holder: str, *, names: list[str] = NAMES, seconds: float = 60) -> list[Lease]:
    with stores.catalog.begin() as connection:
        return take(connection, names, holder, seconds=seconds)[0]


def let_end(stores: Stores) -> None:
    with stores.catalog.begin() as connection:
        connection.execute(update(leases).values(until="2000-01-01T00:00:00.000000Z"))


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(LeaseLost, match=r"lease portal/a of r1 is r2's on \S+ since it had ended"):
        yield


def test_what_one_holds_no_other_gets_and_each_is_told_who(stores: Stores) -> None:
    taken(stores, "r1", names=["portal/a"])
    with stores.catalog.begin() as connection:
        got, held = take(connection, NAMES, "r2", seconds=60)
    assert [lease.name for lease in got] == ["portal/b"]
    assert [(row["name"], row["holder"]) for row in held] == [("portal/a", "r1")]


@pytest.mark.parametrize("way", ["given up", "ended", "dead"])
def test_a_lease_that_is_free_again_has_the_next_token(stores: Stores, way: str) -> None:
    first = taken(stores, "r1")
    with stores.catalog.begin() as connection:
        if way == "given up":
            give_up(connection, first)
        if way == "dead":
            free_all(connection, "r1")
    if way == "ended":
        let_end(stores)
    assert [(lease.name, lease.token) for lease in taken(stores, "r2")] == [(one.name, one.token + 1) for one in first]


def test_of_many_who_want_it_at_once_exactly_one_gets_it(stores: Stores) -> None:
    got: list[Lease] = []
    threads = [
        threading.Thread(target=lambda name=f"r{n}": got.extend(taken(stores, name, names=["scheduler"])))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [lease.token for lease in got] == [1]


def test_an_ended_lease_is_renewed_while_nobody_has_taken_it(stores: Stores) -> None:
    mine = taken(stores, "r1")
    let_end(stores)
    with stores.catalog.begin() as connection:
        assert holder_of(connection, "portal/a") is None
        renew(connection, mine, seconds=60)
        assert (holder_of(connection, "portal/a") or {})["holder"] == "r1"


@pytest.mark.parametrize("act", [fence, lambda connection, held: renew(connection, held, seconds=60)])
def test_a_late_holder_is_told_whose_it_is_now(stores: Stores, act: object) -> None:
    late = taken(stores, "r1")
    let_end(stores)
    taken(stores, "r2")
    with refused(), stores.catalog.begin() as connection:
        act(connection, late)


def test_giving_up_what_is_anothers_by_now_takes_nothing_from_it(stores: Stores) -> None:
    late = taken(stores, "r1")
    let_end(stores)
    taken(stores, "r2")
    with stores.catalog.begin() as connection:
        give_up(connection, late)
        assert (holder_of(connection, "portal/a") or {})["holder"] == "r2"


def test_a_keeper_renews_until_it_is_closed(stores: Stores) -> None:
    beats = threading.Semaphore(0)
    held = taken(stores, "r1", seconds=0.6)
    with kept(stores.catalog, held, seconds=0.6, beat=lambda _: beats.release()) as keeper:
        for _ in range(4):  # longer than the lease lasts by itself
            assert beats.acquire(timeout=20)
        keeper.check()
        assert taken(stores, "r2") == []


def test_a_keeper_tells_of_a_lost_lease(stores: Stores) -> None:
    held = taken(stores, "r1")
    let_end(stores)
    taken(stores, "r2")
    with closing(Keeper(stores.catalog, held, seconds=0.3, beat=_nothing)) as keeper:
        keeper._thread.join(20)
        with refused():
            keeper.check()


def test_a_lease_that_could_not_be_renewed_is_taken_for_lost(stores: Stores) -> None:
    held = taken(stores, "r1")
    keeper = Keeper(stores.catalog, held, seconds=0.1, beat=_nothing)
    keeper.close()
    threading.Event().wait(0.15)
    with pytest.raises(LeaseLost, match=r"portal/a, portal/b of r1 ended: it was not renewed in 0\.1 s"):
        keeper.check()


def test_a_late_writers_segment_is_refused_whole_and_stays_in_the_spool(crawl: Crawl) -> None:
    held = taken(crawl.stores, "r1")
    let_end(crawl.stores)
    taken(crawl.stores, "r2")
    sealed = crawl.seal(page("/1.html", b"<p>late"))
    with refused():
        deposit(sealed, crawl.stores, fence=lambda connection: fence(connection, held))
    assert crawl.rows(captures) == list(crawl.stores.objects.keys()) == []
    assert [path.name for path in crawl.stores.spool.glob("NIANBAO-*.warc.gz*")] == [sealed.name]


def test_a_lease_lost_while_the_segment_is_ingested_undoes_it(crawl: Crawl) -> None:
    held, asked = taken(crawl.stores, "r1"), []

    def overtaken_at_the_end(connection: Connection) -> None:
        asked.append(connection)
        if len(asked) == 2:
            connection.execute(update(leases).values(token=7, holder="r2"))
        fence(connection, held)

    with refused():
        deposit(crawl.seal(page("/1.html", b"<p>late")), crawl.stores, fence=overtaken_at_the_end)
    assert crawl.rows(captures) == []


def _nothing(_: Connection) -> None:
    pass

"""A list is read page after page as long as its pages bring something new, and held against what it declares."""

from collections.abc import Sequence

from crawler.discovery.links import Link
from crawler.discovery.listing import Ask, Listing
from crawler.discovery.pagination import BARREN_MOST, Pagination

BASE = "http://portal.example/nb/"


def ask(page: int, name: str = "index_{}.html") -> Ask:
    return Ask(url=BASE + name.format(page), listing="nb", page=page)


def rows(*numbers: int) -> tuple[Link, ...]:
    return tuple(Link(url=f"{BASE}{number}.html", text=f"row {number}") for number in numbers)


def listing(
    *further: Ask, links: Sequence[Link] = (), declared: int | None = None, pages: int | None = None
) -> Listing:
    return Listing(system="trs", name="nb", links=tuple(links), further=further, declared=declared, pages=pages)


def turned(lists: Pagination, shown: Listing, asked: Ask | None = None, *, fruitful: bool = True) -> Ask | None:
    return lists.turned(shown, [link.url for link in shown.links], asked=asked, fruitful=fruitful)


def test_pages_follow_one_another_while_they_bring_new_links() -> None:
    lists = Pagination()
    assert turned(lists, listing(ask(2), links=rows(1, 2))) == ask(2)
    assert turned(lists, listing(ask(3), links=rows(2, 3)), ask(2)) == ask(3)
    assert turned(lists, listing(links=rows(4)), ask(3)) is None


def test_a_page_that_repeats_the_first_ends_the_list_however_it_is_numbered() -> None:
    lists = Pagination()
    turned(lists, listing(ask(2), links=rows(1, 2)))
    assert turned(lists, listing(ask(3), links=rows(2, 1)), ask(2)) is None


def test_a_second_guess_is_tried_where_the_first_brings_nothing_new() -> None:
    lists, other = Pagination(), ask(1)
    turned(lists, listing(ask(2), other, links=rows(1)))
    assert turned(lists, listing(ask(3), links=rows(1)), ask(2)) == other
    assert turned(lists, listing(ask(3), links=rows(2)), other) == ask(3)


def test_a_second_guess_is_tried_where_the_first_cannot_be_had() -> None:
    lists, other = Pagination(), ask(1)
    turned(lists, listing(ask(2), other, links=rows(1)))
    assert lists.missed(ask(2)) == other
    assert lists.missed(other) is None


def test_a_list_asked_for_from_its_first_page_on_is_read_from_there() -> None:
    lists = Pagination()
    assert turned(lists, listing(ask(1))) == ask(1)
    assert turned(lists, listing(ask(2), links=rows(1)), ask(1)) == ask(2)


def test_the_first_page_by_another_address_is_not_read_again() -> None:
    lists = Pagination()
    assert turned(lists, listing(ask(2), links=rows(1))) == ask(2)
    assert turned(lists, listing(ask(2), links=rows(1))) is None


def test_a_list_that_shows_fewer_rows_than_it_declares_falls_short() -> None:
    lists = Pagination()
    turned(lists, listing(ask(2), links=rows(1, 2), declared=4))
    assert lists.shortfall("nb") is None
    turned(lists, listing(ask(3), links=rows(1, 2), declared=4), ask(2))
    assert lists.shortfall("nb") == "it declares 4 rows, 2 were shown on 1 pages"
    assert lists.shortfall("nb") is None


def test_a_list_whose_later_pages_are_stubs_falls_short_of_its_pages() -> None:
    lists = Pagination()
    turned(lists, listing(ask(2), links=rows(1), pages=3))
    assert lists.missed(ask(2)) is None
    assert lists.shortfall("nb") == "it declares 3 pages, 1 were shown"


def test_a_list_that_keeps_its_word_does_not_fall_short() -> None:
    lists = Pagination()
    turned(lists, listing(ask(2), links=rows(1, 2), declared=3, pages=2))
    turned(lists, listing(links=rows(3), declared=3, pages=2), ask(2))
    assert lists.shortfall("nb") is None


def test_a_list_without_reports_is_nobodys_loss() -> None:
    lists = Pagination()
    turned(lists, listing(links=rows(1), declared=9), fruitful=False)
    assert lists.shortfall("nb") is None


def test_a_list_is_barren_after_so_many_pages_without_a_report() -> None:
    lists = Pagination()
    turned(lists, listing(ask(2), links=rows(1)))
    for page in range(2, BARREN_MOST + 2):
        assert not lists.barren("nb")
        turned(lists, listing(ask(page + 1), links=rows(page)), ask(page), fruitful=False)
    assert lists.barren("nb")

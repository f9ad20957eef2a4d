"""The frontier admits each page once, and no endless space."""

import pytest

from crawler.discovery.frontier import SAME_PATH_MOST, URL_MOST, Frontier

PAGE = "https://www.songjiang.gov.cn/a/"


def test_a_page_is_admitted_once_however_it_is_spelled() -> None:
    frontier = Frontier()
    spellings = [PAGE, PAGE, PAGE.rstrip("/"), PAGE.replace("https", "http"), PAGE.replace("www.", ""), f"{PAGE}#top"]
    assert [frontier.admit(url) for url in spellings] == [True] + [False] * 5
    assert frontier.admit(f"{PAGE}?page=2")


def test_an_enumerable_space_ends() -> None:
    frontier = Frontier()
    admitted = [frontier.admit(f"{PAGE}?day={day}") for day in range(SAME_PATH_MOST + 50)]
    assert sum(admitted) == SAME_PATH_MOST
    assert frontier.admit("https://www.songjiang.gov.cn/b/?day=1")


def test_pages_with_paths_of_their_own_have_no_such_bound() -> None:
    frontier = Frontier()
    assert all(frontier.admit(f"{PAGE}{number}.html") for number in range(2 * SAME_PATH_MOST))


@pytest.mark.parametrize(
    "url",
    [
        f"{PAGE}{'a/b/' * 5}",
        f"{PAGE}{'x' * URL_MOST}",
        "http://songjiang.gov.cn:99999999/",
        "http://[songjiang/",
    ],
)
def test_what_no_portal_means_is_not_admitted(url: str) -> None:
    assert not Frontier().admit(url)


def test_a_deep_path_without_repetition_is_admitted() -> None:
    assert Frontier().admit(f"{PAGE}1/2/3/4/5/6/7/8/9/10.html")

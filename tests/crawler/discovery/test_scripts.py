"""Whether a page may fill itself after it was loaded."""

import pytest

from crawler.discovery.scripts import fetches


@pytest.mark.parametrize(
    "script",
    [
        '<script type="text/javascript" src="/unit.js"></script>',
        "<SCRIPT SRC=unit.js></SCRIPT>",
        "<script>fetch ('/list.json')</script>",
        "<script>new XMLHttpRequest()</script>",
        "<script>$.ajax({url: '/list'})</script>",
        "<script>$.getJSON('/list', show)</script>",
    ],
)
def test_a_script_from_elsewhere_or_one_that_asks_may_fill_the_page(script: str) -> None:
    assert fetches(f"<ul></ul>{script}")


@pytest.mark.parametrize("html", ["<ul></ul>", "<script>var day = 1;</script>", '<img src="/fetched.gif">'])
def test_a_page_without_such_scripts_is_as_it_is(html: str) -> None:
    assert not fetches(html)

"""Expressions of scripts, worked out without running anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.expression import Value, evaluate

NAMES = {"n": Value(text="3", number=True, moved=True), "base": Value(text="/nb/"), "location.href": Value(text="u")}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("'index_' + (n - 1) + \".html\"", "index_2.html"),
        ("base + n + '.htm'; return false", "/nb/3.htm"),
        ("n + 1", "4"),
        ("'p' + n + 1", "p31"),
        ("parseInt(n, 10) + 1", "4"),
        ("encodeURIComponent('a') + n.toString()", "a3"),
        ("location.href + '?page=' + n", "u?page=3"),
        ("'it\\'s'", "it's"),
        ("asked('dept')", "<dept>"),
    ],
)
def test_an_address_is_put_together_as_the_script_would(code: str, text: str) -> None:
    value = evaluate(code, NAMES, lambda name, word: Value(text=f"<{word}>") if name == "asked" else None)
    assert value is not None
    assert value.text == text


@pytest.mark.parametrize(
    "code", ["", "m", "'a' + m", "1 - 2", "unknown(1)", "(((((((((((1", "('a'", "'a", "x ? 'a' : 'b'"]
)
def test_what_cannot_be_told_has_no_value(code: str) -> None:
    assert evaluate(code, NAMES) is None


@pytest.mark.parametrize(("code", "moved"), [("base + n", True), ("base + 'x'", False)])
def test_a_value_tells_whether_it_hangs_on_the_call(code: str, moved: bool) -> None:
    value = evaluate(code, NAMES)
    assert value is not None
    assert value.moved is moved


@given(st.text(st.sampled_from("n'\"+-() \\1a,.`$")))
def test_no_code_makes_it_raise(code: str) -> None:
    assert evaluate(code, NAMES) is None or code

"""Literals as scripts write them, and what is none."""

import json
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.literal import Name, NotALiteral, literal, value_of

WRITTEN = """ {SID: '755001', "TREE": [{id: 721, 'name': `年报`, children: [],},], /* old: [ */
  on: true, off: null, none: undefined, share: -1.5e3, // the end
  quoted: 'it\\'s "\\u5e74\\x41\\n"', site: [siteCode], current, } || {}"""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
PIECES = st.sampled_from(
    ["{", "}", "[", "]", ":", ",", "a", "'b'", '"', "'", "`", "1", "-", "/*", "*/", "//", "\n", "\\"]
)
HOSTILE = {
    "deep arrays": "[" * 5_000_000,
    "deep objects": "{a:" * 1_600_000,
    "deep in json": '{"a":' * 1_000_000,
    "unclosed list": "[" + "{a:1}," * 800_000,
    "unclosed text": "['" + "x" * 5_000_000,
    "escapes": "['" + "\\'" * 2_500_000,
    "comments": "[" + "/*" * 2_500_000,
    "digits": "[" + "1" * 5_000_000,
    "late error": "[" + '{"a":1},' * 600_000 + "x",
}


def test_what_json_does_not_allow_is_read() -> None:
    value = literal(WRITTEN)
    assert value == {
        "SID": "755001",
        "TREE": [{"id": 721, "name": "年报", "children": []}],
        "on": True,
        "off": None,
        "none": None,
        "share": -1500.0,
        "quoted": 'it\'s "年A\n"',
        "site": ["siteCode"],
        "current": "current",
    }
    assert isinstance(value, dict)
    assert isinstance(value["current"], Name)


@given(VALUES)
def test_json_is_read_as_it_is(value: object) -> None:
    assert literal(json.dumps(value)) == value


@given(VALUES.filter(lambda value: isinstance(value, list | dict)))
def test_a_comma_too_many_changes_nothing(value: object) -> None:
    text = json.dumps([value])
    assert literal(f"{text[:-1]},]") == [value]


@pytest.mark.parametrize(
    "text",
    ["", "[", "{a:}", "{a b}", "[1 + 2]", "[f()]", "{]", ":", "}", "'a", "{{}: 1}", "[1" + "0" * 5000 + "]", "name"],
)
def test_what_is_no_value_is_none(text: str) -> None:
    with pytest.raises(NotALiteral):
        literal(text)


@given(st.lists(PIECES).map("".join))
def test_whatever_stands_there_is_a_value_or_none(text: str) -> None:
    with suppress(NotALiteral):
        value_of(f"x = {text}", "x")


@pytest.mark.parametrize("case", HOSTILE)
def test_five_megabytes_of_malice_take_seconds(case: str) -> None:
    began = process_time()
    for read in (literal, lambda text: value_of(f"TREE: {text}", "TREE")):
        with pytest.raises(NotALiteral):
            read(HOSTILE[case])
    assert process_time() - began < 10


def test_a_value_is_found_by_its_name() -> None:
    text = "var mySID = 1; a.SID == 2; TREE: f(), SID : '755001'; \"TREE\": [1], SID: 3"
    assert value_of(text, "SID") == "755001"
    assert value_of(text, "TREE") == [1]
    assert value_of(text, "sid") is None
    with pytest.raises(NotALiteral):
        value_of("TREE: [", "TREE")

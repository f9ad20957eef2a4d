"""Expressions: the addresses that a page's scripts put together, worked out without running anything.

    'index_' + (n - 1) + ".html"      strings, whole numbers, names that are known, + and -, brackets
    encodeURI(dept), n.toString()     functions that change nothing here; what else is called is unknown

An expression with anything else in it has no value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LONGEST = 600
"""Characters of one expression."""
DEEPEST = 8
_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`[^`$\\]*`)|(?P<number>\d{1,12}\b)"
    r"|(?P<name>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)|(?P<sign>[-+()]))"
)
_SAME = frozenset({"parseInt", "Number", "String", "encodeURI", "encodeURIComponent", "escape", "eval", "$.trim"})
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """`moved` tells that it hangs on what the function was called with, not on the script's text alone."""

    text: str
    number: bool = False
    moved: bool = False


Names = Mapping[str, Value]
Calls = Callable[[str, str], Value | None]
"""What a function with one word as its argument gives: a parameter of the page's own address."""


def evaluate(code: str, names: Names, calls: Calls = lambda _name, _word: None) -> Value | None:
    """The value of the expression that `code` begins with; None if it has none that can be told."""
    return _Reading(code[:LONGEST], names, calls).total(0)


@dataclass(slots=True)
class _Reading:
    code: str
    names: Names
    calls: Calls
    at: int = 0

    def total(self, depth: int) -> Value | None:
        left = self._term(depth)
        while left is not None and (sign := self._take("sign", "+-")):
            right = self._term(depth)
            left = None if right is None else _joined(left, sign, right)
        return left

    def _term(self, depth: int) -> Value | None:
        if depth > DEEPEST:
            return None
        if self._take("sign", "("):
            inside = self.total(depth + 1)
            return inside if self._take("sign", ")") else None
        token = _TOKEN.match(self.code, self.at)
        if token is None or token["sign"]:
            return None
        self.at = token.end()
        if token["string"]:
            return Value(text=_ESCAPED.sub(r"\1", token["string"][1:-1]))
        return Value(text=token["number"], number=True) if token["number"] else self._named(token["name"], depth)

    def _named(self, name: str, depth: int) -> Value | None:
        if not self._take("sign", "("):
            return self.names.get(name)
        known = self.names.get(name.removesuffix(".toString"))
        if known and self._take("sign", ")"):
            return known
        inside = self.total(depth + 1)
        self._skip_base()
        if inside is None or not self._take("sign", ")"):
            return None
        return inside if name in _SAME else self.calls(name, inside.text)

    def _skip_base(self) -> None:
        """`parseInt(n, 10)`."""
        if base := re.compile(r"\s*,\s*10\b").match(self.code, self.at):
            self.at = base.end()

    def _take(self, kind: str, any_of: str) -> str | None:
        token = _TOKEN.match(self.code, self.at)
        if token is None or not token[kind] or token[kind] not in any_of:
            return None
        self.at = token.end()
        return token[kind]


def _joined(left: Value, sign: str, right: Value) -> Value | None:
    moved = left.moved or right.moved
    if sign == "+" and not (left.number and right.number):
        return Value(text=left.text + right.text, moved=moved)
    if not (left.text.isdecimal() and right.text.isdecimal()):
        return None
    result = int(left.text) + (int(right.text) if sign == "+" else -int(right.text))
    return Value(text=str(result), number=True, moved=moved) if result >= 0 else None

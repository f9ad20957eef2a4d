"""Literals: values as scripts write them, which JSON does not allow: bare or single-quoted names, comments, commas at
the end. What is no value (a call, a sum) is none.

    {SID: '755001', TREE: [{"id": 721, name: "年报", children: [],},], /* … */}     dict, list, str, int, float, bool
    {webSiteCode: [siteCode], current}                                            a Name where a name stands
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

DEEPEST = 64
MOST_TOKENS = 400_000
MOST_PLACES = 4
"""Of one name in one text: a script that assigns it more often than that is not read to its end."""
LONGEST_NUMBER = 40

SPACE = re.compile(r"(?:\s|//[^\n]*+|/\*.*?\*/)*+", re.DOTALL)
# Possessive, for an unclosed quote must not be tried at each of its characters.
TOKEN = re.compile(
    r"""(?P<mark>[{}\[\],:])
    |(?P<quote>["'`])(?P<string>(?:\\.|(?!(?P=quote))[^\\])*+)(?P=quote)
    |(?P<number>-?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)
    |(?P<name>[A-Za-z_$][\w$.]*+)""",
    re.DOTALL | re.VERBOSE,
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "undefined": None}
JSON = json.JSONDecoder()


class NotALiteral(ValueError):
    """What stands there is no value, or more of one than anybody writes."""


class Name(str):
    """A variable's name, where its value was expected."""

    __slots__ = ()


def value_of(text: str, name: str) -> object:
    """The first literal that the text gives to this name (`name: …`, `"name": …`, `name = …`), None if there is no such
    name. Raises NotALiteral where the name stands with no value that can be read."""
    places = re.finditer(rf"""(?<![\w$]){re.escape(name)}["']?\s{{0,9}}[:=](?!=)""", text)
    trouble = None
    for place in islice(places, MOST_PLACES):
        try:
            return literal(text, place.end())
        except NotALiteral as error:
            trouble = error
    if trouble:
        raise trouble
    return None


def literal(text: str, start: int = 0) -> object:
    """The value that begins there; what comes after it does not matter. Raises NotALiteral."""
    begin = _after_space(text, start)
    try:
        return JSON.raw_decode(text, begin)[0]
    except (ValueError, RecursionError):  # most are JSON, which is read a hundred times faster
        assembly = _Assembly()
        for token in islice(_tokens(text, begin), MOST_TOKENS):
            if assembly.take(token) and not isinstance(assembly.whole, Name):
                return assembly.whole
    raise NotALiteral(f"no value, or none that ends: {text[begin : begin + 40]!r}")


def sound(text: str) -> str:
    """Characters written as two halves are whole; half ones, which can be written and never stored, are replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _after_space(text: str, start: int) -> int:
    found = SPACE.match(text, start)
    return found.end() if found else start


def _tokens(text: str, start: int) -> Iterator[re.Match[str]]:
    while found := TOKEN.match(text, start):
        yield found
        start = _after_space(text, found.end())


@dataclass(slots=True)
class _Open:
    """An object or array not yet closed. Of an object: the key whose value is due, and whether its colon was seen."""

    value: dict[str, object] | list[object]
    key: str | None = None
    colon: bool = False

    def put(self, value: object) -> None:
        if isinstance(self.value, list):
            self.value.append(value)
        elif self.key is None:
            self.key = str(value)
        elif self.colon:
            self.value[self.key], self.key, self.colon = value, None, False
        else:
            raise NotALiteral(f"two names without a colon: {self.key!r}")

    def end_member(self) -> None:
        if self.colon:
            raise NotALiteral(f"a name without a value: {self.key!r}")
        if self.key is not None:  # `{current}` means `{current: current}`
            self.colon = True
            self.put(Name(self.key))


@dataclass(slots=True)
class _Assembly:
    open: list[_Open] = field(default_factory=list)
    whole: object = None

    def take(self, token: re.Match[str]) -> bool:
        """Whether the value is whole now."""
        mark = token["mark"]
        if mark is None:
            return self._put(_scalar(token))
        if mark in "{[":
            self._begin({} if mark == "{" else [])
            return False
        if not self.open:
            raise NotALiteral(f"a value begins with {mark}")
        return self._punctuate(mark)

    def _begin(self, value: dict[str, object] | list[object]) -> None:
        inside = self.open[-1] if self.open else None
        if len(self.open) >= DEEPEST or (inside and isinstance(inside.value, dict) and not inside.colon):
            raise NotALiteral("nested too deep, or an object for a name")
        self.open.append(_Open(value))

    def _punctuate(self, mark: str) -> bool:
        inside = self.open[-1]
        if mark == ":":
            if inside.key is None or inside.colon:
                raise NotALiteral("a colon without a name")
            inside.colon = True
            return False
        inside.end_member()
        if mark == ",":
            return False
        if isinstance(inside.value, dict) is not (mark == "}"):
            raise NotALiteral(f"closed with {mark}")
        return self._put(self.open.pop().value)

    def _put(self, value: object) -> bool:
        if self.open:
            self.open[-1].put(value)
            return False
        self.whole = value
        return True


def _scalar(token: re.Match[str]) -> object:
    if (string := token["string"]) is not None:
        return _unescaped(string)
    if (number := token["number"]) is not None:
        if len(number) > LONGEST_NUMBER:
            raise NotALiteral(f"a number of {len(number)} digits")
        return int(number) if number.lstrip("-").isdecimal() else float(number)
    return WORDS.get(token["name"], Name(token["name"]))


def _unescaped(string: str) -> str:
    return sound(ESCAPE.sub(_character, string)) if "\\" in string else string


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else ESCAPED.get(escape[3], escape[3])

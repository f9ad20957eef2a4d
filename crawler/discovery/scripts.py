"""Scripts: whether a page may fill itself after it was loaded, and where its `onclick`s and `javascript:` links lead.

    <a href="javascript:goPage(2)">                                     the link
    function goPage(n) { location.href = "index_" + n + ".html"; }      its page's script
    index_2.html                                                        the target

Nothing is run: assignments, calls of the page's own functions and moves to another address are read in the order in
which they are written. What is written otherwise leads nowhere, as does what other files define.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.discovery.expression import Names, Value, evaluate

FETCHES = re.compile(
    r"<script[^>]+\bsrc\s*=|\bfetch\s*\(|XMLHttpRequest|\bajax\b|\baxios\b|\$\.(?:get|getJSON|post)\s*\(",
    re.IGNORECASE,
)
FUNCTION = re.compile(
    r"(?:function\s+([A-Za-z_$][\w$]*)|([A-Za-z_$][\w$]*)\s*[=:]\s*function)\s*\(([\w\s,$]{0,200})\)\s*\{"
)
STEP = re.compile(
    r"\blocation(?:\.href)?\s*=(?!=)|\blocation\.(?:replace|assign)\s*\(|(?<![\w.$])(?:window\.)?open\s*\("
    r"|(?<![\w.$])(?P<name>[A-Za-z_$][\w$]*)\s*(?P<how>\+?=)(?!=)"
    r"|(?<![\w.$])(?P<call>[A-Za-z_$][\w$]*)\s*\((?P<given>[^()]{0,300}(?:\([^()]*\)[^()]{0,100})?)\)"
)
GLOBAL = re.compile(r"\bvar\s+([A-Za-z_$][\w$]*)\s*=(?!=)")
SELECTED = re.compile(r"\b(\w+)\.options\s*\[[^\]]{1,60}\]\.value|\$\(\s*(this)\s*\)\.val\(\)")
WRITTEN = re.compile(
    r"(?:https?:/)?\.{0,2}/[^\s/]|[\w-]+(?:/[\w.-]+)*\.(?:[sj]?html?|jspx?|aspx?|php|do|action)(?:\?|$)"
)
SUBMITS = re.compile(r"submit\s*\(\s*\)")
ASKS_ADDRESS = re.compile(r"query|param|url|request|search", re.IGNORECASE)
SCRIPT_MOST, BODY_MOST, CODE_MOST = 400_000, 3_000, 600
STEPS_MOST, CALLS_MOST, FUNCTIONS_MOST = 60, 4, 400
CODES_MOST = 20_000
"""Different `onclick`s of one page; what has more has them from a generator, and leads nowhere."""


def fetches(html: str) -> bool:
    """Whether it loads a script from elsewhere, or its own asks for something by itself."""
    return FETCHES.search(html) is not None


def code_of(tree: LexborHTMLParser) -> str:
    """The page's own scripts, one after the other."""
    return "\n".join(node.text() or "" for node in tree.css("script:not([src])"))[:SCRIPT_MOST]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    parameters: tuple[str, ...]
    body: str


class Script:
    """A page's functions and what they know. `url` is the page's."""

    def __init__(self, code: str, url: str) -> None:
        self._given = dict(parse_qsl(_query(url)))
        self._functions: dict[str, Function] = {}
        spoken, end = [], 0
        for begin, behind, name, function in _functions(code):
            self._functions[name] = function
            spoken.append(code[end:begin])
            end = max(end, behind)
        self._spoken = f"{''.join(spoken)}{code[end:]}"
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}
        self.names: dict[str, Value] = {"location.href": Value(text=url), "window.location.href": Value(text=url)}
        for stated in GLOBAL.finditer(code):
            value = self.value(code[stated.end() : stated.end() + CODE_MOST], self.names)
            if value and stated[1] not in self.names:
                self.names[stated[1]] = value

    def given(self, function: str, name: str) -> Value | None:
        """`getQueryString("deptcode")`: a parameter of the page's own address."""
        return Value(text=self._given[name]) if name in self._given and ASKS_ADDRESS.search(function) else None

    def called(self, code: str) -> Iterator[tuple[str, Names]]:
        """The bodies of the page's functions that are called here, each with what it then knows."""
        for step in STEP.finditer(code[:CODE_MOST]):
            function = self._functions.get(step["call"] or "")
            if function is not None:
                words = [self.value(word, self.names) for word in step["given"].split(",")]
                yield function.body, {**self.names, **dict(_bound(function, step["given"].split(","), words, {}))}

    def value(self, code: str, names: Names) -> Value | None:
        return evaluate(code, names, self.given)

    def sends(self) -> tuple[str, ...]:
        """Where the script leads by itself, by what it says outside its functions."""
        return self.targets(self._spoken)

    def targets(self, code: str, chosen: str = "") -> tuple[str, ...]:
        """The addresses, as written, that this `onclick` or `javascript:` leads to; `chosen` is the option's value.

        Of several, those that hang on what it was called with: the others are the exceptions, like a first page's.
        """
        if (known := self._known.get((code, chosen))) is not None:
            return known
        if len(self._known) == CODES_MOST:
            return ()
        known = self._known[code, chosen] = tuple(dict.fromkeys(self._led_to(code[:CODE_MOST], chosen)))
        return known

    def _led_to(self, code: str, chosen: str) -> list[str]:
        code = SELECTED.sub(r"\1\2.value", code)
        value = Value(text=chosen, number=chosen.isdecimal() and not chosen.startswith("0"), moved=True)
        found = [*_Reader(self, self._functions).read(code, {"this.value": value, "value": value}, 0)]
        moved = [each for each in found if each.moved]
        return [each.text for each in moved or found]


class _Reader:
    """One reading, bounded however its functions call each other."""

    def __init__(self, script: Script, functions: dict[str, Function]) -> None:
        self.script = script
        self.functions = functions
        self.steps = 0

    def read(self, code: str, local: Names, depth: int) -> Iterator[Value]:
        names = {**self.script.names, **local}
        for step in STEP.finditer(code):
            self.steps += 1
            if self.steps > STEPS_MOST:
                return
            if step["call"]:
                yield from self._called(step["call"], step["given"], names, depth)
                continue
            value = self.script.value(code[step.end() : step.end() + CODE_MOST], names)
            if step["name"]:
                _assign(names, step["name"], step["how"], value)
            elif value and value.text.strip():
                yield value

    def _called(self, name: str, given: str, names: Names, depth: int) -> Iterator[Value]:
        function = self.functions.get(name)
        words = [self.script.value(word, names) for word in given.split(",")]
        if function is None:
            yield from (Value(text=word.text, moved=True) for word in words[:1] if word and WRITTEN.match(word.text))
        elif depth < CALLS_MOST:
            yield from self.read(function.body, dict(_bound(function, given.split(","), words, names)), depth + 1)


def _bound(
    function: Function, given: list[str], words: list[Value | None], names: Names
) -> Iterator[tuple[str, Value]]:
    for parameter, code, word in zip(function.parameters, given, words, strict=False):
        if word:
            yield parameter, Value(text=word.text, number=word.number, moved=True)
        elif code.strip() == "this" and "this.value" in names:  # the element itself was handed over
            yield f"{parameter}.value", names["this.value"]


def _assign(names: dict[str, Value], name: str, how: str, value: Value | None) -> None:
    """A branch for the first page does not undo what the other branch found."""
    known = names.get(name)
    if how == "+=":
        value = Value(text=known.text + value.text, moved=known.moved or value.moved) if known and value else None
    if value is None:
        names.pop(name, None)
    elif known is None or value.moved or not known.moved:
        names[name] = value


def _functions(code: str) -> Iterator[tuple[int, int, str, Function]]:
    """Where each begins and ends, its name, and what it does."""
    for head in islice(FUNCTION.finditer(code), FUNCTIONS_MOST):
        parameters = tuple(word.strip() for word in head[3].split(","))
        body = _body(code, head.end())
        function = Function(parameters=parameters, body=SELECTED.sub(r"\1\2.value", body))
        yield head.start(), head.end() + len(body) + 1, head[1] or head[2], function


def _body(code: str, start: int) -> str:
    depth = 1
    for at in range(start, min(len(code), start + BODY_MOST)):
        depth += {"{": 1, "}": -1}.get(code[at], 0)
        if not depth:
            return code[start:at]
    return ""


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""

"""Calls: what a page's script asks a server for by itself, page of a list by page, as far as its text tells.

    $.ajax({url: "/rest/list", type: "post", data: {deptcode: getQueryString("deptcode"), pageIndex: page - 1}})
    $.post(url, {pageNo: n}, …)   $.getJSON(url + "?page=" + n, …)   fetch(url)   axios.get(url, {params: {…}})

Only calls with a field that is named like a page's number are lists. Where a field's value cannot be told it is left
out; a call whose address cannot be told is none.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.discovery.expression import Value, evaluate
from crawler.discovery.scripts import CODE_MOST, Script

CALL = re.compile(r"(?:\$|\bjQuery|\baxios|\$http)\s*\.\s*(ajax|post|get|getJSON)\s*\(|\b(fetch|axios)\s*\(")
PAGE_FIELD = re.compile(r"(?:cur(?:rent)?_?)?(?:p|pn|page|page_?(?:no|num|index|number)|current)", re.IGNORECASE)
KEY = re.compile(r"""\s*(?:['"]([\w.\[\]-]{1,60})['"]|([A-Za-z_$][\w$]{0,60}))\s*(:|$)""")
IDENTIFIER = re.compile(r"(?<![\w.$'\"])[A-Za-z_$][\w$.]*(?!\s*\()")
STRINGIFY = re.compile(r"\s*JSON\.stringify\s*\(\s*")
MOST, OBJECT_MOST = 12, 4000
OPEN, CLOSE = "{[(", "}])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`fields` are names with the code of their values; `url` may have further ones in its query."""

    url: str
    fields: Mapping[str, str]
    post: bool = False
    as_json: bool = False


def calls_of(code: str) -> Iterator[Call]:
    """In the order of the script; `url` is code too."""
    for found in islice(CALL.finditer(code), MOST):
        words = _parts(code, found.end())
        how = (found[1] or found[2]).lower()
        if how in {"ajax", "axios"} and words and words[0].lstrip().startswith("{"):
            yield from _described(_fields(words[0]))
        elif words:
            given = next((word for word in words[1:2] if word.lstrip().startswith("{")), "")
            fields = _fields(given)
            fields = _fields(fields["params"]) if "params" in fields else fields
            yield Call(url=words[0], fields={} if how == "fetch" else fields, post=how == "post")


def _described(options: Mapping[str, str]) -> Iterator[Call]:
    data = options.get("data") or options.get("params") or ""
    packed = STRINGIFY.match(data)
    if "url" in options:
        yield Call(
            url=options["url"],
            fields=_fields(data[packed.end() :] if packed else data),
            post="post" in (options.get("type") or options.get("method") or "").lower(),
            as_json=packed is not None,
        )


def form_of(call: Call, script: Script) -> tuple[str, str] | None:
    """Address and body for the list's first page; None for what is no list, or is nowhere."""
    # an address that is nothing but a name nobody knows is no address
    written = "'" in call.url or '"' in call.url
    stated = evaluate(call.url, _begun(call.url, script) if written else script.names, script.given)
    if stated is None or not stated.text.strip():
        return None
    fields = {name: _value(name, code, script) for name, code in call.fields.items()}
    known = {name: value.text for name, value in fields.items() if value is not None}
    in_query = any(PAGE_FIELD.fullmatch(name) for name, _ in parse_qsl(_query(stated.text)))
    if not in_query and not any(PAGE_FIELD.fullmatch(name) for name in known):
        return None
    if call.post:
        return stated.text, json.dumps(known, ensure_ascii=False) if call.as_json else urlencode(known)
    joint = "&" if "?" in stated.text else "?"
    return f"{stated.text}{joint}{urlencode(known)}" if known else stated.text, ""


def _value(name: str, code: str, script: Script) -> Value | None:
    return evaluate(code, _begun(code, script) if PAGE_FIELD.fullmatch(name) else script.names, script.given)


def _begun(code: str, script: Script) -> dict[str, Value]:
    """What the script does not say is what its function is called with at first: the first page's number."""
    first = Value(text="1", number=True, moved=True)
    return dict.fromkeys(IDENTIFIER.findall(code[:CODE_MOST]), first) | script.names


def _fields(code: str) -> dict[str, str]:
    start = code.find("{") + 1
    fields: dict[str, str] = {}
    for part in _parts(code, start) if start else []:
        if key := KEY.match(part):
            fields[key[1] or key[2]] = part[key.end() :].strip() or key[1] or key[2]
    return fields


def _parts(code: str, start: int) -> list[str]:
    """What stands between commas, up to the bracket that closes what was open at `start`."""
    parts, depth, begin, quote = [], 0, start, ""
    for at in range(start, min(len(code), start + OBJECT_MOST)):
        sign = code[at]
        if quote:
            quote = "" if sign == quote and code[at - 1] != "\\" else quote
        elif sign in "'\"`":
            quote = sign
        elif sign in OPEN:
            depth += 1
        elif sign in CLOSE or (sign == "," and not depth):
            if sign in CLOSE and depth:
                depth -= 1
                continue
            parts.append(code[begin:at])
            begin = at + 1
            if sign in CLOSE:
                return parts
    return []


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""

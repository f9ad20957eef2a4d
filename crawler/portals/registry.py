"""The portal registry: which government web sites are crawled, one `[[portal]]` table each, in one or more TOML files.

Invariant: a registry is valid as a whole or refused as a whole, and a refusal lists every error at once, one a line:

    shanghai.toml: portal 'songjiang': delay: -1 is wrong; allowed: seconds from 0 to 3600
    file           id, or #N without   key    value                 what is allowed
"""

import importlib.resources
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta
from publicsuffixlist import PublicSuffixList

from archive.config import near
from archive.errors import ConfigError

ALLOWED = {
    "id": "1 to 40 of a-z, 0-9 and -, that no other portal has, and neither all nor static",
    "name": "the portal's name, as text",
    "home": "an absolute http(s) URL",
    "division": "the six digits of GB/T 2260, as text",
    "columns": "a list of absolute http(s) URLs",
    "hosts": "a list of bare host names, each with or without :port",
    "render": "'auto', 'never' or 'always'",
    "delay": "seconds from 0 to 3600",
    "concurrency": "a whole number, 1 or more",
    "max_pages": "a whole number, 1 or more",
    "schedule": "five cron fields: minute hour day month weekday",
    "aggregator": "true or false",
}
TAKEN = {"all", "static"}  # replay's own addresses, beside a collection for each portal
DEFAULT_PORTS = {"http": 80, "https": 443}
NETLOC = re.compile(r"([\w.-]+|\[[0-9a-f:.]+\])(?::([0-9]{0,5}))?", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
CRON_FIELDS = ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, MONTHS), (0, 7, WEEKDAYS))

Place = tuple[str, int | None]  # host, and port where one is meant


class RegistryInvalid(ConfigError):
    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


class Portal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row. `schedule` counts weekdays as cron does (0 and 7 are Sunday), in Asia/Shanghai."""

    id: Annotated[str, Meta(pattern=r"\A[a-z0-9-]{1,40}\Z")]
    name: Annotated[str, Meta(pattern=r"\S")]
    home: str
    division: Annotated[str, Meta(pattern=r"\A[0-9]{6}\Z")] | None = None
    columns: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    render: Literal["auto", "never", "always"] = "auto"
    delay: Annotated[float, Meta(ge=0, le=3600)] = 1.0
    concurrency: Annotated[int, Meta(ge=1)] = 2
    max_pages: Annotated[int, Meta(ge=1)] = 5000
    schedule: str | None = None
    aggregator: bool = False

    def seeds(self) -> tuple[str, ...]:
        """Where discovery starts: home, then the known columns."""
        return tuple(dict.fromkeys((self.home, *self.columns)))

    def owns(self, url: str) -> bool:
        """Whether `url` is the portal's own: under home's registrable domain, on one of `hosts`, or where a column is.

        Without a registrable domain (an address, localhost, a public suffix) home stands for its host and port alone.
        An entry of `hosts` without a port means every port of that host.
        """
        place = _place(url)
        if place is None:
            return False
        domain, places = _scope(self.home, self.columns, self.hosts)
        if place in places or (place[0], None) in places:
            return True
        return domain is not None and f".{place[0]}".endswith(f".{domain}")


def load_registry(path: Path | None) -> tuple[Portal, ...]:
    """A file, a folder's `*.toml` in the order of their names, or (None) the registry of this package.

    Raises RegistryInvalid.
    """
    rows: list[_Row] = []
    errors: list[str] = []
    for source in _sources(path):
        found, faults = _rows(source)
        rows += found
        errors += faults
    errors += [error for row in rows for error in _errors(row)]
    errors += _duplicates(rows)
    if errors:
        raise RegistryInvalid(errors)
    return tuple(msgspec.convert(row.table, Portal) for row in rows)


def select(portals: Sequence[Portal], ids: Sequence[str]) -> tuple[Portal, ...]:
    """The portals of these ids, in this order; all of them where no id is given. Raises ConfigError."""
    known = {portal.id: portal for portal in portals}
    if unknown := [name for name in ids if name not in known]:
        lines = [f"portal {name!r} is not in the registry; {near(name, tuple(known))}" for name in unknown]
        raise ConfigError("; ".join(lines))
    return tuple(known[name] for name in dict.fromkeys(ids)) if ids else tuple(portals)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One `[[portal]]` table as written, with where it stands."""

    source: str
    number: int
    table: Mapping[str, object]

    @property
    def id(self) -> str | None:
        written = self.table.get("id")
        return written if isinstance(written, str) else None

    @property
    def where(self) -> str:
        return f"{self.source}: portal {f'#{self.number}' if self.id is None else repr(self.id)}"


def _sources(path: Path | None) -> list[Traversable]:
    place: Traversable = path or importlib.resources.files("crawler.portals")
    if not place.is_dir():
        return [place]
    sources = sorted((file for file in place.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    if not sources:
        raise RegistryInvalid([f"{place}: no registry in this folder; allowed: a folder with *.toml"])
    return sources


def _rows(source: Traversable) -> tuple[list[_Row], list[str]]:
    """The file's portals, and what is wrong around them."""
    try:
        top = tomllib.loads(source.read_text("utf-8-sig"))
    except OSError as exc:
        return [], [f"{source}: cannot be read: {exc.strerror}"]
    except ValueError as exc:
        return [], [f"{source}: not TOML in UTF-8: {exc}"]
    tables = top.pop("portal", [])
    errors = [f"{source}: {key}: unknown key; allowed: [[portal]]" for key in top]
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        return [], [*errors, f"{source}: portal: no list of portals; allowed: one [[portal]] table for each"]
    return [_Row(source=str(source), number=n, table=table) for n, table in enumerate(tables, start=1)], errors


def _errors(row: _Row) -> Iterator[str]:
    for field in msgspec.structs.fields(Portal):
        if field.required and field.name not in row.table:
            yield f"{row.where}: {field.name}: missing; allowed: {ALLOWED[field.name]}"
        elif field.name in row.table:
            for wrong in _wrong(field, row.table[field.name]):
                yield f"{row.where}: {field.name}: {wrong!r} is wrong; allowed: {ALLOWED[field.name]}"
    for key in row.table:
        if key not in ALLOWED:
            yield f"{row.where}: {key}: unknown key; {near(key, tuple(ALLOWED))}"


def _wrong(field: msgspec.structs.FieldInfo, value: object) -> list[object]:
    """What of the value is not allowed: the items of a list that are wrong, or all of it."""
    try:
        typed = msgspec.convert(value, field.type)
    except msgspec.ValidationError:
        return [value]
    allows = CHECKS.get(field.name, lambda _: True)
    return [item for item in (typed if isinstance(typed, tuple) else (typed,)) if not allows(item)]


def _duplicates(rows: Sequence[_Row]) -> Iterator[str]:
    first: dict[str, _Row] = {}
    for row in rows:
        if row.id and first.setdefault(row.id, row) is not row:
            yield f"{row.where}: id: {row.id!r} is taken in {first[row.id].source}; allowed: {ALLOWED['id']}"


@cache
def _scope(home: str, columns: tuple[str, ...], hosts: tuple[str, ...]) -> tuple[str | None, frozenset[Place | None]]:
    place = _place(home)
    places = {place, *map(_place, columns), *map(_host_and_port, hosts)}
    return place and _registrable(place[0]), frozenset(places)


def _place(url: str) -> Place | None:
    """Host and port an http(s) URL leads to; None for every other text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    place = _host_and_port(parts.netloc) if parts.scheme in DEFAULT_PORTS else None
    return place and (place[0], place[1] or DEFAULT_PORTS[parts.scheme])


def _host_and_port(netloc: str) -> Place | None:
    """None for user names, backslashes and blanks too: readers differ on which host such a URL leads to."""
    match = NETLOC.fullmatch(netloc)
    if not match or not 0 <= (port := int(match[2] or 0)) < 2**16:
        return None
    try:
        host = match[1].strip("[]").rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return None
    return (host, port or None) if host else None


def _registrable(host: str) -> str | None:
    try:
        ip_address(host)
    except ValueError:
        return _suffixes().privatesuffix(host)
    return None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _is_cron(text: str) -> bool:
    parts = text.lower().split()
    return len(parts) == len(CRON_FIELDS) and all(
        _is_cron_item(item, *field) for part, field in zip(parts, CRON_FIELDS, strict=True) for item in part.split(",")
    )


def _is_cron_item(item: str, least: int, most: int, names: Sequence[str]) -> bool:
    span, stepped, step = item.partition("/")
    if stepped and not re.fullmatch(r"[1-9][0-9]?", step):
        return False
    ends = [least + names.index(end) if end in names else _number(end) for end in span.split("-")]
    return span == "*" or (len(ends) <= 2 and least <= ends[0] <= ends[-1] <= most)


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else -1


def _is_url(url: str) -> bool:
    return _place(url) is not None and not re.search(r"\s", url)


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "id": lambda name: name not in TAKEN,
    "home": _is_url,
    "columns": _is_url,
    "hosts": lambda host: _host_and_port(host) is not None,
    "schedule": lambda text: text is None or _is_cron(text),
}

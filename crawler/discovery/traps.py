"""Traps: the spaces of a portal that have no end, and where each of them ends for us.

    one address     longer, deeper or more repetitive than any that somebody made     refused by its shape
    a space         what differs only in values that a script counts on               so many of them, and no more

A space is a path with the names of its parameters, or a folder of dated folders. Dated articles are the norm and no
trap: what ends in a date is held to the calendar's bounds, what has a name of its own below one is not. Organs times
years are no trap either: a year has bounds of its own, and neither it nor a page's number counts among the facets.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import SplitResult, parse_qsl, urlsplit

from archive.reports.sighting import URL_MOST

PATH_MOST = 20
"""Folders of a path. Portals nest columns some ten deep; a relative link that answers itself nests for ever."""
REPEATED_MOST = 3
"""Times that one name, no number, may stand in a path: a department's folder may be named as its column is."""
PARAMETERS_MOST = 24
"""Parameters of one address: the search forms of content systems send fifteen."""
YEAR_LEAST = 2004
"""The first year on which anybody reported (Shanghai); the last is the year to come, for pages put up in advance."""
CALENDAR_MOST = 62
"""Dates of one calendar: two months of days, or five years of months."""
AHEAD = timedelta(days=31)
PAGES_MOST = 300
"""Pages of one list, and values of a parameter that name nothing: some are counted up by a script without an end."""
NAMED_MOST = 3000
"""Addresses of one space, and values of a parameter that look like names of pages: all details of a portal may stand
behind one path."""
ORGANS_MOST = 400
"""Organs of a space of organs times years. A district has some sixty, a city with its districts' three hundred."""
FACETS_LEAST, FACETS_RATIO = 60, 6
"""A search by facets is their product: many more combinations than any one facet has values. Columns' lists are not."""
FORMS_MOST = 24
"""Sets of parameter names on one path: five filters, each set or not, make more."""
SPACE_MOST = 200
SPACES_MOST = 200
"""Spaces told one by one: a hostile portal may have as many as it likes."""

NO_ADDRESS = "no address"
TOO_LONG = "longer than any address that is meant"
TOO_DEEP = "deeper than any path that is meant"
REPEATS = "a path that repeats itself"
ENDLESS = "more parameters than any form sends"
YEARS = "a year on which nobody reports"
CALENDAR = "a calendar"
PAGES = "a list without an end"
FACETS = "a search by facets"
VALUES = "values without an end"

_YEAR = re.compile(r"(?i)fbtime|year|years|nian|n[df]|niandu|nianfen|\w*year")
_DATE = re.compile(r"(?i)(?:\w*[_-])?(?:month|mon|day|date|week)|yue|ri|rq|riqi|(?:start|begin|end)(?:date|time|day)")
_DATE_VALUE = re.compile(r"\d{1,2}|(?:19|20|21)\d\d[-/.]?\d{1,2}(?:[-/.]?\d{1,2})?")
_PAGE = re.compile(r"(?i)p|pn|pno|pg|\w*page\w*|curr?\w*|(?:start|end)(?:record|row)?|offset|recordindex")
_NAME = re.compile(r"(?=.*\d).{5,}|.{12,}")
_DATED = re.compile(r"(?P<folder>.*?/)(?P<date>(?:19|20|21)\d\d(?:/\d\d?/(?:\d\d?/)?|-\d\d?(?:-\d\d?)?(?:/|\.\w+)?))")

Space = tuple[str, ...]


@dataclass(slots=True)
class Traps:
    """Of one portal, in one run. `today` is the day by which calendars and years are bounded."""

    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    _met: defaultdict[Space, set[Hashable]] = field(default_factory=lambda: defaultdict(set))
    _refused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def refuse(self, url: str, *, sure: bool = False) -> str | None:
        """Why this address is not asked for; None: it may be, and counts from now on, once. `sure`: its link names a
        report, or a list's reader asks for it as a page that must bring something new: then only its shape is held
        against it, and a year that nobody reports on."""
        kind, space = self._kind(url, sure=sure)
        if kind is not None:
            told = len(self._refused) < SPACES_MOST or (space[:SPACE_MOST], kind) in self._refused
            self._refused[space[:SPACE_MOST] if told else "elsewhere", kind] += 1
        return kind

    def refused(self) -> Iterator[tuple[str, str, int]]:
        """Each space that was cut off, why, and how many of its links were refused: a problem row each (I9)."""
        return ((space, kind, count) for (space, kind), count in sorted(self._refused.items()))

    def _kind(self, url: str, *, sure: bool) -> tuple[str | None, str]:
        try:
            place = urlsplit(url)
            _ = place.port
        except ValueError:
            return NO_ADDRESS, url
        pairs = parse_qsl(place.query[:URL_MOST], keep_blank_values=True)
        if kind := _by_shape(url, place, [name for name, _ in pairs]):
            return kind, f"{place.netloc}{'/'.join(place.path.split('/')[:3])}"
        path = f"{place.netloc.lower().removeprefix('www.')}{place.path}"
        parameters = {name.lower(): value for name, value in pairs}
        space = f"{path}?{'&'.join(sorted(parameters))}" if parameters else path
        if any(_YEAR.fullmatch(name) and self._never_reported(value) for name, value in parameters.items()):
            return YEARS, space
        if sure:
            return None, space
        if found := self._by_path(path):
            return found
        kind = self._by_parameters(path, space, parameters)
        return kind, path if kind == FACETS else space

    def _never_reported(self, year: str) -> bool:
        return re.fullmatch(r"\d{4}", year) is not None and not YEAR_LEAST <= int(year) <= self.today.year + 1

    def _by_path(self, path: str) -> tuple[str, str] | None:
        """Folders named by dates: archives by month, calendars by day."""
        dated = _DATED.fullmatch(path)
        if dated is None:
            return None
        full = self._is_full((dated["folder"], CALENDAR), dated["date"], CALENDAR_MOST)
        return (CALENDAR, dated["folder"]) if full or not self._has_come(dated["date"]) else None

    def _by_parameters(self, path: str, space: str, parameters: dict[str, str]) -> str | None:
        years = {name: value for name, value in parameters.items() if _YEAR.fullmatch(name)}
        dates = {name: value for name, value in parameters.items() if _is_date(name, value, beside_year=bool(years))}
        pages = {name: value for name, value in parameters.items() if _PAGE.fullmatch(name) and value.isdigit()}
        facets = {name: value for name, value in parameters.items() if name not in years | dates | pages}
        what = tuple(sorted(facets.items()))
        if self._is_full((space,), tuple(sorted(parameters.items())), NAMED_MOST):
            return VALUES
        if dates and self._is_calendar((space, CALENDAR), years, dates):
            return CALENDAR
        if pages and self._is_full((space, PAGES, str(what)), tuple(pages.values()), PAGES_MOST):
            return PAGES
        return self._by_facets(path, space, facets, of_years=bool(years)) if facets else None

    def _is_calendar(self, space: Space, years: dict[str, str], dates: dict[str, str]) -> bool:
        whole = [value for value in dates.values() if len(value) > 2]
        day = (*years.values(), *dates.values())
        return not all(map(self._has_come, whole)) or self._is_full(space, day, CALENDAR_MOST)

    def _has_come(self, text: str) -> bool:
        """Whether a month or day lies between the first reports and a month from now."""
        year, month, *_ = (int(part) for part in re.findall(r"^\d{4}|\d\d?", text))
        last = self.today + AHEAD
        return (YEAR_LEAST, 1) <= (year, month) <= (last.year, last.month)

    def _by_facets(self, path: str, space: str, facets: dict[str, str], *, of_years: bool) -> str | None:
        what = tuple(sorted(facets.items()))
        if self._is_full((path, FACETS), tuple(sorted(facets)), FORMS_MOST):
            return FACETS
        if what in self._met[space, VALUES]:
            return None
        met = {name: self._met[space, VALUES, name] for name in facets}
        many = max(len(met[name]) + (value not in met[name]) for name, value in facets.items())
        combined = len(self._met[space, VALUES])
        if combined >= FACETS_LEAST and combined >= FACETS_RATIO * many:
            return FACETS
        named = any(_NAME.fullmatch(value) for value in facets.values())
        if self._is_full((space, VALUES), what, ORGANS_MOST if of_years else NAMED_MOST if named else PAGES_MOST):
            return VALUES
        for name, value in facets.items():
            met[name].add(value)
        return None

    def _is_full(self, space: Space, value: Hashable, most: int) -> bool:
        """Whether the space has its fill without this value; takes it in otherwise."""
        met = self._met[space]
        if len(met) >= most and value not in met:
            return True
        met.add(value)
        return False


def _by_shape(url: str, place: SplitResult, names: Sequence[str]) -> str | None:
    if not place.hostname:
        return NO_ADDRESS
    if len(url) > URL_MOST:
        return TOO_LONG
    parts = [part for part in place.path.split("/") if part]
    if len(parts) > PATH_MOST:
        return TOO_DEEP
    if any(count > REPEATED_MOST and not part.isdigit() for part, count in Counter(parts).items()):
        return REPEATS
    endless = len(names) > PARAMETERS_MOST or any(count > REPEATED_MOST for count in Counter(names).values())
    return ENDLESS if endless else None


def _is_date(name: str, value: str, *, beside_year: bool) -> bool:
    """`m` and `d` mean many things, and month and day only beside a year."""
    named = _DATE.fullmatch(name) or (beside_year and name in {"m", "d"})
    return bool(named and _DATE_VALUE.fullmatch(value))

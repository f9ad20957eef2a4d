"""Tallies: what a crawl found of a portal, against what there is, and what it asked for, against the least.

A publication is found where a row has its address; of several reports at one address each has its own. A row beside
those is false. Organ and year are right or wrong of the reports that were found.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from crawler.demo.site import Expected

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`organs` and `years`: of how many found reports they are right. A fetch is one request that a server saw."""

    portal: str
    expected: int = 0
    found: int = 0
    false: int = 0
    organs: int = 0
    years: int = 0
    fetches: int = 0
    least: int = 0

    @property
    def recall(self) -> float:
        return _share(self.found, self.expected)

    @property
    def precision(self) -> float:
        return _share(self.found, self.found + self.false)

    @property
    def organ(self) -> float:
        return _share(self.organs, self.found)

    @property
    def year(self) -> float:
        return _share(self.years, self.found)

    @property
    def ratio(self) -> float:
        return _share(self.fetches, self.least)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def total(tallies: Iterable[Tally]) -> Tally:
    each = list(tallies)
    numbers = [field.name for field in fields(Tally) if field.name != "portal"]
    return Tally(portal="total", **{name: sum(getattr(one, name) for one in each) for name in numbers})


def tally(portal: str, expected: Sequence[Expected], rows: Sequence[Row], *, fetches: int, least: int) -> Tally:
    pairs = list(_pairs(expected, rows))
    return Tally(
        portal=portal,
        expected=len(expected),
        found=len(pairs),
        false=len(rows) - len(pairs),
        organs=sum(one.organ == row["organ"] for one, row in pairs),
        years=sum(one.year == row["year"] for one, row in pairs),
        fetches=fetches,
        least=least,
    )


def _pairs(expected: Iterable[Expected], rows: Iterable[Row]) -> Iterable[tuple[Expected, Row]]:
    """At an address with several reports the likest first."""
    at: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        at[row["url"]].append(row)
    for one in expected:
        alike = sorted(at[one.url], key=lambda row: (row["organ"], row["year"]) != (one.organ, one.year))
        if alike:
            at[one.url].remove(alike[0])
            yield one, alike[0]


def missed(expected: Iterable[Expected], rows: Iterable[Row]) -> list[str]:
    known = {row["url"] for row in rows}
    return [one.url for one in expected if one.url not in known]

"""Coverage: for every organ and year, whether its report is there: published, late, changed, or missing.

The years of an organ run from its first report to the newest that it has published or should have. Late is what was
published after the statutory day (条例 Art. 49, in force since the reports of 2019): 31 January of the year after, 31
March for a government's own; before that everyone had until 31 March. Missing is what was not published by that day.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from archive.index.catalog import Row

KEYS = ("portal", "organ", "year", "state", "published", "version", "title", "url")
GOVERNMENT = re.compile(r"(?:省|自治区|市|区|县|旗|州|盟)人民政府$")
TWO_DEADLINES_SINCE = 2019


def coverage(reports: Iterable[Row], today: date) -> Iterator[Row]:
    """From canonical publications of portals (no aggregator's), one row an organ and year, in this order."""
    by_organ: dict[tuple[str, str], dict[int, Row]] = {}
    for row in reports:
        by_organ.setdefault((row["portal"], row["organ"]), {})[row["year"]] = row
    for (portal, organ), years in sorted(by_organ.items()):
        for year in range(min(years), max(*years, today.year) + 1):
            if year in years or deadline(organ, year) < today:
                yield _row(portal, organ, year, years.get(year))


def _row(portal: str, organ: str, year: int, report: Row | None) -> Row:
    what = {key: report[key] if report else None for key in ("published", "version", "title", "url")}
    return {"portal": portal, "organ": organ, "year": year, "state": _state(organ, year, report), **what}


def _state(organ: str, year: int, report: Row | None) -> str:
    if report is None:
        return "missing"
    if report["version"] > 1:
        return "changed"
    late = report["published"] and date.fromisoformat(report["published"]) > deadline(organ, year)
    return "late" if late else "published"


def deadline(organ: str, year: int) -> date:
    """The last day on which the organ's report on `year` is in time."""
    early = year >= TWO_DEADLINES_SINCE and not GOVERNMENT.search(organ)
    return date(year + 1, 1, 31) if early else date(year + 1, 3, 31)

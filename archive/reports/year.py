"""Of which year a report is.

    title, the period its figures cover, anchor and files, the article's first sentences, its column

Nothing is ever taken from the URL. Some portals call a column after the year its reports are of, others after the year
they came out in: where the page states a date before the end of the column's year, the report is of the year before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.reports import evidence
from archive.reports.naming import columns_of
from archive.reports.published import published
from archive.reports.text import PageText
from archive.reports.title import Named, read_title, year_among

_NOT_BEFORE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """`by` says where it is named: `title`, `period`, `anchor`, `attachment`, `article`, `column`."""

    number: int
    by: str


def year_of(page: PageText, text: str, named: Named, *, anchor: str | None, trail: Sequence[str]) -> Year | None:
    said = ((number, by) for number, by in _said(page, text, named, anchor) if number is not None)
    found = next((Year(number=number, by=by) for number, by in said), None)
    return found or _of_column(page, tuple(columns_of(page, trail)))


def _said(page: PageText, text: str, named: Named, anchor: str | None) -> Iterator[tuple[int | None, str]]:
    yield named.year, "title"
    yield evidence.period(text), "period"
    yield _of_title(anchor or ""), "anchor"
    files = {year for link in page.links if (year := _of_title(link.title or link.text)) is not None}
    yield files.pop() if len(files) == 1 else None, "attachment"
    yield evidence.year_named(text), "article"


def _of_title(title: str) -> int | None:
    named = read_title(title)
    return named.year if isinstance(named, Named) else None


def _of_column(page: PageText, columns: Sequence[str]) -> Year | None:
    number = year_among(columns)
    if number is None:
        return None
    day = published(page, year=_NOT_BEFORE)
    came_out = day is not None and day.year == number and published(page, year=number) is None
    return Year(number=number - came_out, by="column")

"""What an article holds, now that its title names a report: the report's text, its files or pictures, or none of it."""

from collections.abc import Iterable, Iterator, Sequence

from archive.reports import evidence
from archive.reports.text import Link, PageText, normal_form
from archive.reports.title import SILENT, Named, NotAReport, read_bare, read_title

_ENOUGH_TEXT = 200
_LEAST_TEXT = 40
_LONG_TEXT = 800
_LISTED_ENOUGH = 3
_TABLES_SINCE = 2019
_TEMPLATE = NotAReport(reason="page is a template of reports")
_LIST = NotAReport(reason="page lists reports")
_ERROR = NotAReport(reason="page is an error or maintenance notice")
_GUIDE = NotAReport(reason="page is a guide to open government")
_EMPTY = NotAReport(reason="page has no report in it")


def refusal(page: PageText, text: str, named: Named, *, year: int | None) -> NotAReport | None:
    """Why the page holds no report, whatever its title says; None if it holds one."""
    if evidence.has_tables(text):
        return _TEMPLATE if evidence.is_template(text) else None
    if evidence.is_error(text):
        return _ERROR
    left = len(normal_form(evidence.prose(page.body)))
    if _is_list(page, named, left):
        return _LIST
    if named.year is None and evidence.is_guide(text):
        return _GUIDE
    return _by_text(page, text, left, year)


def _by_text(page: PageText, text: str, left: int, year: int | None) -> NotAReport | None:
    if left >= _ENOUGH_TEXT and (year is not None or evidence.is_free_form(text)):
        return _TEMPLATE if evidence.is_template(text) else None
    of_report = left >= _LEAST_TEXT and evidence.is_of_report(text)
    return None if of_report or (year is not None and (page.links or page.images)) else _EMPTY


def _is_list(page: PageText, named: Named, left: int) -> bool:
    """Lists say little besides. One of files is told from a report with its files by the organs and years they name."""
    files = [one for link in page.links if isinstance(one := _read_file(link), Named)]
    if left < _ENOUGH_TEXT and max(_several(one.year for one in files), _several(one.organ for one in files)) > 1:
        return True
    if named.year is None or named.organ is None:
        return left < 2 * _ENOUGH_TEXT and page.listed >= _LISTED_ENOUGH
    return left < _ENOUGH_TEXT and not files and evidence.reports_named(page.body) > _LISTED_ENOUGH


def _read_file(link: Link) -> Named | NotAReport:
    words = link.title or link.text
    named = read_title(words)
    return read_bare(words) if named == SILENT else named


def _several(named: Iterable[object]) -> int:
    return len({one for one in named if one is not None})


def flags(page: PageText, text: str, named: Named, year: int) -> Iterator[str]:
    if evidence.period(text) not in {None, year}:
        yield "year-disagrees"
    if evidence.is_masked(text):
        yield "masked"
    if evidence.is_repeated(page.body):
        yield "body-repeated"
    short = len(text) < _ENOUGH_TEXT + len(named.title)
    if short and page.links:
        yield "attachment-only"
    else:
        yield from ("text-as-images",) if short and page.images else ()
        yield from _without_tables(page, text) if year >= _TABLES_SINCE and not evidence.has_tables(text) else ()
    if named.organ is None:
        yield "organ-not-in-title"
    if page.truncated:
        yield "truncated"


def _without_tables(page: PageText, text: str) -> Iterator[str]:
    if page.images:
        yield "tables-as-images"
    elif len(text) >= _LONG_TEXT:
        yield "tables-missing"


def kinds(page: PageText, text: str) -> Sequence[str]:
    """In words, what of a report was found in the article."""
    seen = {
        "statutory tables": evidence.has_tables(text),
        "chapters of the free form": evidence.is_free_form(text),
        "sections of the statutory form": evidence.has_sections(text),
        f"{len(page.links)} files": bool(page.links),
        f"{page.images} images": bool(page.images),
    }
    return [kind for kind, is_there in seen.items() if is_there]

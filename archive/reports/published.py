"""When a report was published, by what the page states under a label.

Never from the URL, which tells when a site was moved, nor from a date that stands about in a template, nor from
`HtmlGenerateTime`. A date before the end of the reported year cannot be the report's: templates carry frozen ones.
"""

import re
from collections.abc import Iterator
from datetime import date

from archive.reports.text import PageText

_METAS = ("pubdate", "publishdate", "article:published_time")
_LABELS = ("发布日期", "发布时间", "公开日期", "公开时间", "发文日期", "成文日期", "生成日期")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)|(\d\d)(\d\d)(?!\d))")


def published(page: PageText, *, year: int) -> date | None:
    """The first stated date that a report on `year` can have: in its last month at the earliest."""
    return next((day for day in _stated(page) if day >= date(year, 12, 1)), None)


def _stated(page: PageText) -> Iterator[date]:
    stated = [page.metas.get(name) for name in _METAS] + [page.labelled.get(label) for label in _LABELS]
    return (day for text in stated if text and (day := _day(text)) is not None)


def _day(text: str) -> date | None:
    match = _DATE.search(text)
    if match is None:
        return None
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None

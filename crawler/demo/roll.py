"""The roll: the reports of many organs over many years, for the sample portals that need lists of several pages."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from crawler.demo.report import District
from crawler.demo.site import Publication

ORGANS = (
    "区人民政府",
    "区人民政府办公室",
    "区发展和改革委员会",
    "区教育局",
    "区科学技术局",
    "区公安分局",
    "区民政局",
    "区财政局",
    "区人力资源和社会保障局",
    "区住房和城乡建设局",
    "区卫生健康委员会",
    "区市场监督管理局",
    "河东街道办事处",
    "青石镇人民政府",
)

Where = Callable[[str, int, date, int], str]
"""From an organ's short name, the year, the day of publication and a serial number to the report's path."""


def roll(district: District, where: Where, *, organs: Sequence[str], years: Sequence[int]) -> tuple[Publication, ...]:
    """Newest first, as lists show them. A government's own report is published in March, the others in January."""
    return tuple(sorted(_roll(district, where, organs, years), key=lambda one: one.published or date.min, reverse=True))


def _roll(district: District, where: Where, organs: Sequence[str], years: Sequence[int]) -> Iterator[Publication]:
    for year in years:
        for number, organ in enumerate(organs):
            first = date(year + 1, 3, 25) if organ == "区人民政府" else date(year + 1, 1, 8)
            day = first + timedelta(days=number % 20)
            yield Publication(
                report=district.report(organ, year, number + year % 7),
                path=where(organ, year, day, year * 100 + number),
                published=day,
            )

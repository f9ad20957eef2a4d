"""A vantage: a page that was asked for, as what it turned out to be, and the candidates that are seen from there."""

from dataclasses import dataclass

from crawler.discovery.columns import Judgement, Standpoint
from crawler.discovery.frontier import Candidate
from crawler.discovery.links import Link
from crawler.discovery.listing import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """A page that was asked for, as what it turned out to be; from here its links and its lists are taken. `column` is
    the page that the reports linked here are said to stand on: of a list's further pages, the first."""

    asked: Candidate
    url: str
    standing: str
    label: str
    column: str
    fruitful: bool


def vantage(source: Source, asked: Candidate, *, place: Standpoint | None = None, fruitful: bool = False) -> Vantage:
    standing = place.standing if place else asked.standing
    on_list = fruitful or standing == "reports"
    return Vantage(
        asked=asked,
        url=source.url,
        standing=standing,
        label=place.label if place else asked.label,
        column=asked.column if asked.ask or not on_list else source.url,
        fruitful=fruitful,
    )


def candidate(url: str, link: Link, judgement: Judgement, here: Vantage) -> Candidate:
    return Candidate(
        url=url,
        role=judgement.role,
        score=judgement.score,
        reasons=judgement.reasons,
        hops=judgement.hops,
        via=here.url,
        anchor=link.text,
        column=here.column,
        label=link.text,
        standing=judgement.standing,
        group=f"{here.asked.url} {judgement.kind}",
        parent=here.asked,
    )

"""Pagination: a list's pages one after the other, as long as they bring something new.

    page 1 -> guesses at page 2, the best first -> the first that brings links which no earlier page of the list had
           -> guesses at page 3 -> …                            -> the end: nothing new, or nothing further

Formulas for page names disagree between systems, some servers answer every page with the first, some with a stub: so a
page counts by what it brings, never by its number. What a list declares (rows, pages) is held against what was read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.discovery.canonical import page_key
from crawler.discovery.listing import Ask, Listing

BARREN_MOST = 3
"""Pages in a row without a report, after which the rest of a list is no longer worth its price."""


@dataclass(slots=True)
class Roll:
    """One list, as far as it was read."""

    links: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    counted: int = 0
    read: int = 0
    declared: int | None = None
    pages: int | None = None
    guesses: list[Ask] = field(default_factory=list)
    barren: int = 0
    fruitful: bool = False
    over: bool = False
    told: bool = False


class Pagination:
    """The lists of one portal. Each call gives the next page to ask for, None at a list's end."""

    def __init__(self) -> None:
        self._rolls: dict[str, Roll] = {}

    def turned(self, listing: Listing, links: Iterable[str], *, asked: Ask | None, fruitful: bool) -> Ask | None:
        """A page was read: `links` are all that it points at, but for its pager's; `fruitful`: reports among them."""
        name = asked.listing if asked else listing.name
        roll = self._rolls.setdefault(name, Roll())
        if asked is None and roll.read:  # the first page again, by another address
            return None
        keys = {page_key(link) for link in links}
        if asked and asked.page > 1 and not keys - roll.links:
            return self.missed(asked)
        roll.links |= keys
        roll.rows |= {page_key(link.url) for link in listing.links}
        roll.counted += listing.rows or 0
        roll.read += 1
        roll.declared = listing.declared or roll.declared
        roll.pages = listing.pages or roll.pages
        roll.fruitful = roll.fruitful or fruitful
        roll.barren = 0 if fruitful else roll.barren + 1
        roll.guesses = list(listing.further)
        return self._next(roll)

    def missed(self, asked: Ask) -> Ask | None:
        """The page could not be had, or brought nothing that earlier ones did not."""
        return self._next(self._rolls.setdefault(asked.listing, Roll()))

    def barren(self, name: str) -> bool:
        return name in self._rolls and self._rolls[name].barren >= BARREN_MOST

    def shortfall(self, name: str) -> str | None:
        """What the list said it has and did not show, once; None while it goes on, or where it kept its word."""
        roll = self._rolls[name]
        if not roll.over or not roll.fruitful or roll.told:
            return None
        roll.told = True
        rows = max(len(roll.rows), roll.counted)
        if roll.declared is not None and rows and rows < roll.declared:
            return f"it declares {roll.declared} rows, {rows} were shown on {roll.read} pages"
        if roll.pages is not None and roll.read < roll.pages:
            return f"it declares {roll.pages} pages, {roll.read} were shown"
        return None

    def _next(self, roll: Roll) -> Ask | None:
        if roll.guesses:
            return roll.guesses.pop(0)
        roll.over = True
        return None

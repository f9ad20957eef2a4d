"""The frontier: what of one portal may be asked next, best first, and how much guessing the portal is worth.

    certain       a report's title, a column of reports, a further page of a list that yields      always asked
    speculative   the way there, a body's own pages, columns of unknown name                       while allowed

A guess is allowed by what was found: some at first, many while nothing is found, then in proportion to the yield. What
a page leads to is credited to the groups (links of one kind on one page) of the way that led to it, and a page that led
to nothing is held against its group: so of fifty bodies' sites the rest are asked or left by what the first ones gave.
"""

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from crawler.discovery.canonical import page_key
from crawler.discovery.listing import Ask
from crawler.discovery.traps import Traps

CERTAIN = 60
"""The score from which on a link is asked without being allowed for."""
GUESSES = 10
GUESSES_A_REPORT = 0.2
GUESSES_WHILE_HUNGRY = 80
"""A portal that showed no report yet: its columns may be named as none before."""
CREDIT, BLAME = 12, 4
CREDIT_MOST, BLAME_MOST = 36, 24
DETAILS = {"report", "attachment"}
FILES = {"attachment", "requisite"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """What may be asked for: an address, or a list's further page. Role, via, anchor and column become the capture's
    facts; `parent` is the candidate whose page led here, `group` the links that fare alike with it, `label` its name as
    a column and `standing` what sort of page it should be (see `crawler.discovery.columns.Standpoint`)."""

    url: str
    role: str
    score: int
    reasons: tuple[str, ...] = ()
    hops: int = 0
    via: str = ""
    anchor: str = ""
    column: str = ""
    label: str = ""
    standing: str = "unknown"
    group: str = ""
    ask: Ask | None = None
    parent: "Candidate | None" = None

    @property
    def trail(self) -> tuple[str, ...]:
        """The names of the columns that led here, the nearest first."""
        step, names = self.parent, []
        while step is not None:
            names += [step.label] if step.role == "column" and step.label else []
            step = step.parent
        return tuple(dict.fromkeys(names))

    @property
    def key(self) -> str:
        return page_key(self.url, body=self.ask.body if self.ask else "")


@dataclass(slots=True)
class Frontier:
    """`exploring` is False where an earlier run's columns are trusted: then nothing is guessed. `reports` counts those
    that links have named so far, the measure of what guesses are worth here."""

    exploring: bool = True
    traps: Traps = field(default_factory=Traps)
    reports: int = 0
    guesses: int = 0
    _seen: set[str] = field(default_factory=set)
    _waiting: dict[str, Candidate] = field(default_factory=dict)
    _heap: list[tuple[int, int, Candidate]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=count)
    _credits: Counter[str] = field(default_factory=Counter)
    _blames: Counter[str] = field(default_factory=Counter)
    _led_on: set[Candidate] = field(default_factory=set)

    def propose(self, candidate: Candidate) -> bool:
        """False where the page was had or is waited for, however spelled, or is a trap. What waits as less than it now
        turns out to be is no longer waited for as that."""
        key = candidate.key
        waiting = self._waiting.get(key)
        if key in self._seen and not (waiting and _outranks(candidate, waiting)):
            return False
        if self.traps.refuse(candidate.url, sure=candidate.ask is not None or candidate.role in DETAILS | FILES):
            return False
        self._seen.add(key)
        self._waiting[key] = candidate
        self._push(candidate)
        return True

    def mark(self, url: str) -> None:
        """It was had already, where a redirect led."""
        self._seen.add(page_key(url))

    def next(self) -> Candidate | None:
        """The best that may be asked now; None where nothing is left, or nothing that is worth a guess."""
        while self._heap:
            rank, _, candidate = heapq.heappop(self._heap)
            score, key = self._score(candidate), candidate.key
            if self._waiting.get(key) is not candidate:
                continue
            if score < -rank:  # its group has failed since: others may be better now
                self._push(candidate)
                continue
            if score < CERTAIN and not self._may_guess(score):
                self._push(candidate)
                return None
            self.guesses += score < CERTAIN
            del self._waiting[key]
            return candidate
        return None

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def credit(self, candidate: Candidate) -> None:
        """Its page led on: so did, then, all that led to it. A guess that led on was none."""
        step: Candidate | None = candidate
        while step is not None and step not in self._led_on:
            self._led_on.add(step)
            self._credits[step.group] += 1
            self.guesses -= step.score < CERTAIN and self.guesses > 0
            step = step.parent
        self._reorder()

    def blame(self, candidate: Candidate) -> None:
        self._blames[candidate.group] += 1

    def left(self) -> list[Candidate]:
        """What was not worth a guess, the best first."""
        return sorted(self._waiting.values(), key=self._score, reverse=True)

    def _push(self, candidate: Candidate) -> None:
        heapq.heappush(self._heap, (-self._score(candidate), next(self._serial), candidate))

    def _reorder(self) -> None:
        """A group that was credited may have come before others: rare, so the heap is made anew."""
        self._heap = [(-self._score(candidate), serial, candidate) for _, serial, candidate in self._heap]
        heapq.heapify(self._heap)

    def _score(self, candidate: Candidate) -> int:
        credit = min(CREDIT * self._credits[candidate.group], CREDIT_MOST)
        score = candidate.score + credit - min(BLAME * self._blames[candidate.group], BLAME_MOST)
        return max(score, CERTAIN) if candidate.role in DETAILS | FILES else score

    def _may_guess(self, score: int) -> bool:
        if not self.exploring:
            return False
        if not self.reports:
            return self.guesses < GUESSES_WHILE_HUNGRY
        return score > 0 and self.guesses < GUESSES + int(GUESSES_A_REPORT * self.reports)


def _outranks(candidate: Candidate, waiting: Candidate) -> bool:
    """A list's further page is asked for as such, though its address was known before."""
    return candidate.score > waiting.score or (candidate.ask is not None and waiting.ask is None)

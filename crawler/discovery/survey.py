"""A survey: what one run finds out about one portal, from its home page and known columns to its last report.

    begin -> next -> (the spider fetches) -> read     a page: the report it is, else its links and its lists' next pages
               ^                          -> missed   what could not be had, or holds nothing
               +---------------------------+

It neither fetches nor archives: it takes pages that were fetched and says what to ask for next.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urljoin

from archive.reports.recognition import NotAReport, Report, Site, recognise
from archive.reports.text import PageText
from crawler.discovery import cms
from crawler.discovery.canonical import cleaned, page_key
from crawler.discovery.columns import Judgement, Standpoint, judge
from crawler.discovery.frontier import CERTAIN, DETAILS, Candidate, Frontier
from crawler.discovery.learned import Learned, wants_exploration
from crawler.discovery.links import Link, links_of, requisites_of
from crawler.discovery.listing import Ask, Listing, Source
from crawler.discovery.pagination import Pagination
from crawler.discovery.revisiting import Known, due_details
from crawler.discovery.sitemap import addresses
from crawler.discovery.vantage import Vantage, candidate, vantage
from crawler.discovery.vocabulary import column_evidence
from crawler.portals.registry import Portal

SEED, FURTHER, LEARNED, MAPPED, UNSURE = 95, 75, 74, 25, 20
LISTED_ENOUGH = 3
"""Reports named on one page: then it is a column of reports, whatever it calls itself."""
MARKUP = ("text/html", "application/xhtml+xml")
Note = Callable[[str, str, str], None]
"""Kind, detail and URL of a problem."""
Judged = tuple[Link, Judgement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page turned out to be. `led_on`: to reports or towards them; `refusal`: it was linked as a report and is
    none, and why."""

    report: Report | None = None
    led_on: bool = False
    refusal: str | None = None


@dataclass(slots=True, kw_only=True)
class Survey:
    """`details` and `lists` are the pages of earlier runs by page key; details not due at `now` are not asked for.
    `explored` says why the portal is looked through afresh; it is None as long as what was learned will do."""

    portal: Portal
    note: Note
    now: datetime
    details: Mapping[str, Known] = field(default_factory=dict)
    lists: Mapping[str, Known] = field(default_factory=dict)
    learned: Learned = field(default_factory=Learned)
    refresh: bool = False
    frontier: Frontier = field(default_factory=Frontier)
    explored: str | None = None
    _failed: set[str] = field(default_factory=set)
    _pagination: Pagination = field(default_factory=Pagination)

    @property
    def site(self) -> Site:
        return Site(portal=self.portal.id, name=self.portal.name, aggregator=self.portal.aggregator)

    def begin(self) -> None:
        """Home, the registry's columns, what was learned; a sitemap where the portal is to be explored."""
        self._explore(wants_exploration(self.learned, self.now))
        for url in self.portal.seeds():
            standing = "home" if url == self.portal.home else "reports"
            self._seed(url, SEED, standing, "the registry names it")
        for url in self._way():
            if self.portal.owns(url):
                self._seed(url, LEARNED, self._learned_standing(url), "reports were found by way of it")

    def take_sitemaps(self, urls: Iterable[str]) -> None:
        """Those that robots.txt names, and the one that portals have where they have one."""
        usual = urljoin(self.portal.home, "/sitemap.xml")
        for url in (*urls, usual) if self.explored else ():
            why = "where portals keep one" if url == usual else "robots.txt names it"
            if self.portal.owns(url):
                self._seed(url, MAPPED, "sitemap", f"a sitemap: {why}")

    def next(self, *, idle: bool) -> Candidate | None:
        """What to ask for now. Where nothing is under way (`idle`) and nothing left, what was learned is held against
        what was met, and known details that no list named are looked after; after that the survey is over."""
        candidate = self.frontier.next()
        if candidate is None and idle:
            self._explore(wants_exploration(self.learned, self.now, self._failed))
            self._look_after_details()
            candidate = self.frontier.next()
        return candidate

    def known(self, candidate: Candidate) -> Known | None:
        return self.details.get(candidate.key) or self.lists.get(candidate.key)

    def _explore(self, why: str | None) -> None:
        self.explored = self.explored or why
        self.frontier.exploring = self.explored is not None

    def _way(self) -> list[str]:
        """Without the further pages of lists, which no link's words led to: those are asked for as such, one by one."""
        known = {url: self.lists.get(page_key(url)) for url in sorted(self.learned.way)}
        return [url for url, one in known.items() if not (one and one.column and not one.anchor)]

    def _learned_standing(self, url: str) -> str:
        column, known = self.learned.columns.get(url), self.lists.get(page_key(url))
        if column and column.reports:
            return "reports"
        return column_evidence(known.anchor if known else "", url).verdict

    def _seed(self, url: str, score: int, standing: str, reason: str) -> None:
        known = self.lists.get(page_key(url))
        self.frontier.propose(
            Candidate(
                url=url,
                role={"home": "home", "sitemap": "other"}.get(standing, "column"),
                score=score,
                reasons=(reason,),
                via=known.via if known else "",
                anchor=known.anchor if known else "",
                column=known.column if known else "",
                label=known.anchor if known else "",
                standing=standing,
            )
        )

    def _look_after_details(self) -> None:
        for one in due_details(self.details, self.now, refresh=self.refresh):
            if self.portal.owns(one.url):
                self.frontier.propose(
                    Candidate(
                        url=one.url,
                        role=one.role,
                        score=100,
                        reasons=("due again, and no list names it now",),
                        via=one.via,
                        anchor=one.anchor,
                        column=one.column,
                    )
                )

    def read(self, source: Source, page: PageText | None, asked: Candidate) -> Reading:
        """Takes what a page is and leads to. `page` is None for what is no markup."""
        self.frontier.mark(source.url)
        if page is None:
            return Reading(led_on=self._onward(source, None, asked))
        match recognise(page, site=self.site, anchor=asked.anchor, trail=asked.trail):
            case Report() as report:
                self.frontier.reports += asked.role not in DETAILS  # a link that named it was counted
                self.frontier.credit(asked)
                self._take_files(report, source, asked)
                return Reading(report=report, led_on=True)
            case NotAReport(reason=reason):
                missing = asked.role == "report" and page.listed < LISTED_ENOUGH
                return Reading(led_on=self._onward(source, page, asked), refusal=reason if missing else None)

    def read_sitemap(self, payload: bytes, content_type: str, asked: Candidate) -> None:
        """Of its addresses nothing but themselves is known: those that name a column of reports are taken."""
        found = addresses(payload, url=asked.url, depth=asked.hops, content_type=content_type)
        if found.trouble:
            self.note("sitemap", found.trouble, asked.url)
        for url in found.sitemaps if self.explored else ():
            self.frontier.propose(replace(asked, url=url, via=asked.url, hops=asked.hops + 1, parent=asked))
        place = Standpoint(site=self.site, standing="unknown", hops=1, home=self.portal.home)
        here = vantage(Source(url=asked.url, text=""), asked, place=place)
        judged = [(link, judge(link, place)) for link in (Link(url=url, text="") for url in found.urls)]
        taken = [self._take(link, judgement, here) for link, judgement in judged if judgement.role]
        if any(taken):
            self.frontier.credit(asked)

    def missed(self, asked: Candidate) -> None:
        """The answer was none, or none that counts: a list tries its next guess, a column that failed is told."""
        self.frontier.blame(asked)
        if asked.ask:
            here = Vantage(
                asked=asked,
                url=asked.url,
                standing=asked.standing,
                label=asked.label,
                column=asked.column,
                fruitful=asked.score >= FURTHER,
            )
            self._further(asked.ask.listing, self._pagination.missed(asked.ask), here)
        elif asked.url in self.learned.columns:
            self._failed.add(asked.url)

    def take_requisites(self, source: Source, asked: Candidate) -> None:
        here = vantage(source, asked)
        for url in requisites_of(source.text, source.url, source.charset):
            self._take(Link(url=url, text=""), Judgement(role="requisite", kind="requisite"), here)

    def _take_files(self, report: Report, source: Source, asked: Candidate) -> None:
        here = vantage(source, asked)
        for file in report.attachments:
            if not self.portal.owns(file.url):
                self.note("out-of-scope", "a report's attachment, on no host of its portal", file.url)
            attached = Judgement(role="attachment", score=100, kind="attachment", hops=asked.hops)
            self._take(Link(url=file.url, text=file.text), attached, here)

    def judge(
        self, source: Source, page: PageText | None, asked: Candidate
    ) -> tuple[Standpoint, list[Judged], list[Listing]]:
        """What the page is, each of its links with its judgement, and its lists. Takes nothing."""
        listings = list(cms.read(source))
        links = [link for listing in listings for link in (*listing.links, *listing.columns)]
        if page is not None:
            links += links_of(source.text, source.url, source.charset)
        place = self._place(page, asked, paged=any(listing.further for listing in listings))
        return place, [(link, judge(link, place)) for link in links], listings

    def _onward(self, source: Source, page: PageText | None, asked: Candidate) -> bool:
        """Whether it led on. A column of reports does by reports and columns alone, another page by anything new, and
        where nothing is explored it need not."""
        place, judged, listings = self.judge(source, page, asked)
        fruitful = any(judgement.role in DETAILS for _, judgement in judged)
        here = vantage(source, asked, place=place, fruitful=fruitful)
        waiting = len(self.frontier)
        sure = [self._take(link, judgement, here) for link, judgement in judged if judgement.role]
        sure += [self._turn(listing, judged, here) for listing in listings]
        (self.frontier.credit if any(sure) else self.frontier.blame)(asked)
        going = not self.explored or len(self.frontier) > waiting
        return any(sure) or (place.standing != "reports" and going)

    def _place(self, page: PageText | None, asked: Candidate, *, paged: bool) -> Standpoint:
        metas = page.metas if page else {}
        names = (metas.get("columntype", ""), metas.get("columnname", ""))
        standing = asked.standing
        if standing != "home" and (_names_reports(names) or (page and page.listed >= LISTED_ENOUGH)):
            standing = "reports"
        return Standpoint(
            site=self.site,
            standing=standing,
            hops=asked.hops,
            label=names[1] or asked.label,
            home=self.portal.home,
            paged=paged,
        )

    def _take(self, link: Link, judgement: Judgement, here: Vantage) -> bool:
        """Whether it led on: to a report, known or not, or to something new that is sure to be asked."""
        if not self.portal.owns(link.url):
            return False
        known = self.details.get(page_key(link.url))
        if known and not self.refresh and not known.due(self.now):
            self.frontier.reports += 1
            return True
        new = self.frontier.propose(candidate(cleaned(link.url), link, judgement, here))
        self.frontier.reports += new and judgement.kind == "title"
        return judgement.role in DETAILS or (new and judgement.score >= CERTAIN)

    def _turn(self, listing: Listing, judged: Sequence[Judged], here: Vantage) -> bool:
        """From one page of a list to the next; whether there is one that promises reports."""
        pager = {page_key(ask.url) for ask in listing.further}
        links = [link for link, _ in judged if link.position != "pager"]
        shown = [link.url for link in links if page_key(link.url) not in pager]
        asked = here.asked.ask
        name = asked.listing if asked else listing.name
        ask = self._pagination.turned(listing, shown, asked=asked, fruitful=here.fruitful)
        if listing.trouble:
            self.note("unreadable-list", listing.trouble, here.url)
        return self._further(name, ask, here) and self._promises(name, here)

    def _further(self, name: str, ask: Ask | None, here: Vantage) -> bool:
        """Whether a further page will be asked for; at a list's end, it is held against what it declared."""
        while ask and not self._propose_further(ask, here):
            ask = self._pagination.missed(ask)
        if ask is None and (shortfall := self._pagination.shortfall(name)):
            self.note("shortfall", f"list {name}: {shortfall}", here.column or here.url)
        return ask is not None

    def _promises(self, name: str, here: Vantage) -> bool:
        return here.fruitful or (here.standing == "reports" and not self._pagination.barren(name))

    def _propose_further(self, ask: Ask, here: Vantage) -> bool:
        return self.portal.owns(ask.url) and self.frontier.propose(
            Candidate(
                url=ask.url,
                role="column",
                score=FURTHER if self._promises(ask.listing, here) else UNSURE - ask.page,
                reasons=(f"page {ask.page} of list {ask.listing}",),
                hops=here.asked.hops,
                via=here.url,
                column=here.column or here.url,
                label=here.label,
                standing=here.standing,
                group=ask.listing,
                ask=ask,
                parent=here.asked,
            )
        )


def _names_reports(names: Iterable[str]) -> bool:
    return any(name and column_evidence(name, "").verdict == "reports" for name in names)

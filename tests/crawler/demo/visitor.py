"""A visitor reads a sample portal's lists over real HTTP: page after page, guess after guess, as their reader says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from crawler.discovery.links import Link, links_of
from crawler.discovery.listing import Ask, Listing, Source

Read = Callable[[Source], Iterable[Listing]]


@dataclass(slots=True, kw_only=True)
class Roll:
    """A list as it was read: `links` of all its pages, `asked` those after the first, a posted one as `PATH BODY`."""

    links: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    barren: list[str] = field(default_factory=list)
    pages: list[Listing] = field(default_factory=list)


class Visitor:
    def __init__(self, base: str, fetch: Callable[..., object], read: Read) -> None:
        self._base, self._fetch, self._read = base, fetch, read

    def roll(self, path: str, name: str = "") -> Roll:
        """Of the list on that page whose name ends so."""
        source = self._get(Ask(url=self._base + path, listing="", page=1), asked=None)
        [first] = [listing for listing in self._read(source) if listing.name.endswith(name)]
        roll = Roll(links=_shown(source, first), pages=[first])
        while ask := self._turn(roll):
            roll.asked.append(self._written(ask))
        return roll

    def _turn(self, roll: Roll) -> Ask | None:
        """The first guess that brings a link which no earlier page had."""
        for ask in roll.pages[-1].further:
            source = self._get(ask, asked=ask)
            for listing in self._read(source) if source else ():
                shown = _shown(source, listing)
                if shown.keys() - roll.links.keys():
                    roll.links |= shown
                    roll.pages.append(listing)
                    return ask
            roll.barren.append(self._written(ask))
        return None

    def _get(self, ask: Ask, *, asked: Ask | None) -> Source | None:
        answer = self._fetch(ask.url, dict(ask.headers), ask.body.encode() if ask.method == "POST" else None)
        kind = answer.headers.get_content_type()
        text = answer.body.decode()
        return Source(url=ask.url, text=text, media_type=kind, asked=asked) if answer.status == 200 else None

    def _written(self, ask: Ask) -> str:
        return f"{ask.url.removeprefix(self._base)} {ask.body}".strip()


def _shown(source: Source, listing: Listing) -> dict[str, str]:
    anchors: list[Link] = links_of(source.text, source.url) if "html" in source.media_type else []
    return {link.url: link.text for link in (*listing.links, *anchors)}

"""Content systems: how each hides its lists. A reader takes a page and gives the lists on it that it understands.

    hanweb, jpaas, gkmlpt, ucap, vsb, anhui, shanghai, trs     by marks that others do not have, the surest first
    endpoint, generic                                          what is left: a script's calls, a pager's words

The last two are heard only where no other knows how a list goes on, or how long it is. A page that was asked for is
one page of one list, whoever reads it.
"""

from collections.abc import Callable, Iterable, Iterator

from crawler.discovery.cms import anhui, endpoint, generic, gkmlpt, hanweb, jpaas, shanghai, trs, ucap, vsb
from crawler.discovery.listing import Ask, Listing, Source

Reader = Callable[[Source], Iterator[Listing]]
SYSTEMS: tuple[Reader, ...] = tuple(system.read for system in (hanweb, jpaas, gkmlpt, ucap, vsb, anhui, shanghai, trs))
ANY: tuple[Reader, ...] = (endpoint.read, generic.read)


def read(source: Source) -> tuple[Listing, ...]:
    found = _distinct(listing for reader in SYSTEMS for listing in reader(source))
    if not any(listing.further or listing.pages or listing.declared for listing in found):
        found = _distinct((*found, *(listing for reader in ANY for listing in reader(source))))
    return _answering(source.asked, found) if source.asked else tuple(found)


def _distinct(listings: Iterable[Listing]) -> list[Listing]:
    """Without those of another system that add nothing to what was read before."""
    kept: list[Listing] = []
    offered: set[Ask] = set()
    for listing in listings:
        asks = {Ask(url=ask.url, listing="", page=0, method=ask.method, body=ask.body) for ask in listing.further}
        adds = asks - offered or listing.links or listing.columns or listing.trouble
        if adds or not kept or kept[-1].system == listing.system:
            kept.append(listing)
            offered |= asks
    return kept


def _answering(asked: Ask, found: list[Listing]) -> tuple[Listing, ...]:
    named = [listing for listing in found if listing.name == asked.listing]
    return tuple((named or found)[:1])

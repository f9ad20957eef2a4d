"""The frontier: what of a portal was asked for already, and what is known from earlier runs.

Known URLs are dropped before they become requests. Best first is the scheduler's queue, ordered by the judgement's
priority; the bounds here keep endless lists and parameter spaces from eating a portal's budget.
"""

from collections import Counter
from urllib.parse import urlsplit

from archive.index.surt import url_key

SAME_PATH_MOST = 300
"""Queries of one path: an enumerable space (a year loop, a calendar, a faceted search) ends here."""
URL_MOST = 2000
"""Characters. A longer one is no address that anybody meant, and more than a database's index holds."""


class Frontier:
    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._paths: Counter[str] = Counter()

    def admit(self, url: str) -> bool:
        """Whether to ask for this URL now: True once for each page, however it is spelled."""
        try:
            place, key = urlsplit(url), url_key(url)
        except ValueError:  # a port that is none, a bracket without its pair
            return False
        if key in self._seen or len(url) > URL_MOST or _repeats_itself(place.path):
            return False
        self._seen.add(key)
        path = f"{place.netloc}{place.path}"
        self._paths[path] += bool(place.query)
        return self._paths[path] <= SAME_PATH_MOST


def _repeats_itself(path: str) -> bool:
    """`/a/b/a/b/a/b/…`: a relative link that a soft 404 answers for ever."""
    parts = [part for part in path.split("/") if part]
    return len(parts) > 8 and any(count > 3 for count in Counter(parts).values())

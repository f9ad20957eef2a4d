"""Which payloads are kept already: the same payload again becomes a revisit of its first `response` record (I6).

Two memories answer: the payloads of this process's own segments, which are not in the catalog yet, and the catalog,
asked through `stored`. Only whole payloads count: a truncated one is neither an original nor a repetition, and an empty
one is not worth a reference.
"""

from collections.abc import Callable, Set

from archive.capture.exchange import Digest, Exchange, Original

Stored = Callable[[Digest], Original | None]


def nothing_stored(_: Digest) -> Original | None:
    return None


class Dedup:
    def __init__(self, stored: Stored = nothing_stored) -> None:
        self._stored = stored
        self._fresh: dict[Digest, Original] = {}

    def original_of(self, exchange: Exchange) -> Original | None:
        if exchange.truncated or not exchange.payload_length:
            return None
        digest = exchange.payload_digest
        return self._fresh.get(digest) or self._stored(digest)

    def remember(self, original: Original) -> None:
        self._fresh[original.payload_digest] = original

    def forget_ingested(self, digests: Set[Digest]) -> None:
        """The catalog answers for these from now on, so that memory does not grow with the run."""
        for digest in digests:
            self._fresh.pop(digest, None)

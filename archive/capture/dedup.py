"""Which payloads are kept already: the same payload again becomes a revisit of its first `response` record (I6).

Two memories answer: the payloads of this process's own segments, which are not in the catalog yet, and the catalog,
asked through `stored`. Only whole payloads count: a truncated one is neither an original nor a repetition, and an empty
one is not worth a reference. A rendered page's DOM and picture are looked up likewise, by the record that holds them.
"""

from collections.abc import Callable, Set

from archive.capture.exchange import Digest, Exchange, Original, RecordId

Stored = Callable[[Digest], Original | None]
Rendered = Callable[[Digest], RecordId | None]


def nothing_stored(_: Digest) -> None:
    return None


class Dedup:
    def __init__(self, stored: Stored = nothing_stored, rendered: Rendered = nothing_stored) -> None:
        self._stored, self._rendered = stored, rendered
        self._fresh: dict[Digest, Original] = {}
        self._fresh_renditions: dict[Digest, RecordId] = {}

    def original_of(self, exchange: Exchange) -> Original | None:
        if exchange.truncated or not exchange.payload_length:
            return None
        digest = exchange.payload_digest
        return self._fresh.get(digest) or self._stored(digest)

    def remember(self, original: Original) -> None:
        self._fresh[original.payload_digest] = original

    def holder_of(self, rendition: Digest) -> RecordId | None:
        return self._fresh_renditions.get(rendition) or self._rendered(rendition)

    def remember_rendition(self, rendition: Digest, holder: RecordId) -> None:
        self._fresh_renditions[rendition] = holder

    def forget_ingested(self, digests: Set[Digest]) -> None:
        """The catalog answers for these from now on, so that memory does not grow with the run."""
        for digest in digests:
            self._fresh.pop(digest, None)
            self._fresh_renditions.pop(digest, None)

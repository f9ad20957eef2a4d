"""A body: what comes after an answer's head, digested whole and held in part."""

import hashlib

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import ResponseDone
from twisted.web.http import PotentialDataLoss

from archive.capture.exchange import Digest, Truncation


class Body(Protocol):
    """Takes the transfer-decoded body: digests all of it, keeps its beginning for the spider."""

    def __init__(self, *, most: int, in_memory: int) -> None:
        self.done: Deferred[None] = Deferred()
        self.seen = bytearray()
        self.length = 0
        self.truncated: Truncation | None = None
        self._sha256 = hashlib.sha256()
        self._most, self._in_memory = most, in_memory

    @property
    def digest(self) -> Digest:
        return Digest(f"sha256:{self._sha256.hexdigest()}")

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        # Also what was buffered when the body was cut: it is on the tape, so it belongs to the payload.
        self._sha256.update(data)
        self.length += len(data)
        self.seen += data[: max(0, self._in_memory - len(self.seen))]
        if self._most and self.length > self._most and not self.truncated:
            self.cut("length")

    def cut(self, why: Truncation) -> bool:
        """Ends the body here; False if it has not begun, or has ended."""
        if self.transport is None or self.done.called:
            return False
        self.truncated = why
        self.transport._producer.abortConnection()
        if not self.done.called:  # aborting may have ended it already
            self.done.callback(None)
        return True

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        if self.done.called:
            return
        # A body that ends with its connection may be whole: nothing in HTTP/1.0 says otherwise.
        if not self.truncated and not reason.check(ResponseDone, PotentialDataLoss):
            self.truncated = "disconnect"
        self.done.callback(None)

"""A tape: the bytes of one exchange in the order in which they crossed the wire.

Small answers stay in memory, large ones go to an unnamed file in the spool. A tape that cannot be written remembers the
error instead of raising it: inside Twisted's protocol it would be taken for a fault of the server.
"""

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from archive.capture.exchange import HEAD_MOST, end_of_head

IN_MEMORY = 1 << 20
INTERIM = re.compile(rb"HTTP/\d\.\d 1\d\d[ \r\n]")


@dataclass(kw_only=True)
class Tape:
    """`surplus` counts bytes that came after the end of the message: they are not part of it. `permit` is asked before
    each writing of the request, and raises Refused. `legacy` says how the host was greeted, `unmet` why in vain."""

    spool: Path
    permit: Callable[[], None] = lambda: None
    legacy: bool = False
    unmet: str | None = None
    request: bytearray = field(default_factory=bytearray)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    length: int = 0
    surplus: int = 0
    ip_address: str | None = None
    protocols: tuple[str, ...] = ("http/1.1",)
    cipher: str | None = None
    error: OSError | None = None

    def __post_init__(self) -> None:
        self.response = self._empty()

    def rewind(self) -> None:
        """Begins anew: a kept-alive connection had gone, and the request is sent again on another one."""
        self.response.close()
        self.response, self.request = self._empty(), bytearray()
        self.at, self.length, self.surplus, self.unmet = datetime.now(UTC), 0, 0, None

    def _empty(self) -> BinaryIO:
        return cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(self.spool)))

    def sent(self, data: bytes) -> None:
        self.request += data

    def received(self, data: bytes) -> None:
        try:
            self.response.write(data)
        except OSError as exc:
            self.error = exc
        self.length += len(data)

    def final_start(self) -> int:
        """Where the final response begins, behind any interim (1xx) ones."""
        self.response.seek(0)
        seen, start = self.response.read(HEAD_MOST), 0
        while INTERIM.match(seen, start) and (end := end_of_head(seen, start)):
            start = end
        return start

    def close(self) -> None:
        self.response.close()


class TapedTransport:
    """Passes writes on to the transport, and keeps them."""

    def __init__(self, transport: object, tape: Tape) -> None:
        self._transport, self._tape = transport, tape

    def write(self, data: bytes) -> None:
        self._tape.sent(data)
        self._transport.write(data)  # type: ignore[attr-defined]

    def writeSequence(self, data: Sequence[bytes]) -> None:  # noqa: N802  # Twisted's interface
        self.write(b"".join(data))

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

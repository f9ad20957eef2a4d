"""The doorway: the only way out for the browser, a SOCKS5 proxy (RFC 1928) on loopback in the crawler's own event loop.

    browser --CONNECT host port--> doorway: resolve -> is the address allowed (I8)? -> connect -> bytes, both ways

The browser is told to resolve no name itself and to reach nothing past the doorway, so what stands in `passages` is all
that it connected to. A host all of whose addresses are refused is noted in `refused`.
"""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass

from crawler.fetching.address_guard import is_public

LOOPBACK = "127.0.0.1"
CHUNK = 1 << 16
CONNECT_SECONDS = 30
SUCCEEDED, FAILED, NOT_ALLOWED = 0, 1, 2
IPV4, NAME, IPV6 = 1, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One connection that was asked for; `address` is where it led, None where it was refused or failed."""

    host: str
    port: int
    address: str | None


class Doorway:
    def __init__(self, *, allow_private: bool) -> None:
        self.passages: list[Passage] = []
        self.refused: dict[str, str] = {}
        self._allow_private = allow_private
        self._addresses: dict[tuple[str, int], str] = {}
        self._conversations: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        """Gives the port."""
        self._server = await asyncio.start_server(self._talk, LOOPBACK, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        self._server.close()
        for task in self._conversations:
            task.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    def address_of(self, host: str, port: int) -> str | None:
        """Where the newest connection to this host and port led."""
        return self._addresses.get((host, port))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # asyncio calls this in a task of its own
        self._conversations.add(task)
        try:
            # A browser hangs up whenever it likes, and what is no SOCKS5 gets no answer.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, UnicodeError, asyncio.CancelledError):
                await self._pass_on(reader, writer)
        finally:
            self._conversations.discard(task)
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = await _asked(reader, writer)
        outcome, beyond = await self._connect(host, port)
        writer.write(bytes((5, outcome, 0, IPV4, 0, 0, 0, 0, 0, 0)))
        await writer.drain()
        if beyond:
            try:
                await asyncio.gather(_pipe(reader, beyond[1]), _pipe(beyond[0], writer))
            finally:
                beyond[1].transport.abort()

    async def _connect(
        self, host: str, port: int
    ) -> tuple[int, tuple[asyncio.StreamReader, asyncio.StreamWriter] | None]:
        found = await _resolve(host, port)
        allowed = [address for address in found if self._allow_private or is_public(address)]
        if found and not allowed:
            self.refused[host] = found[0]
        for address in allowed:
            with contextlib.suppress(OSError):
                async with asyncio.timeout(CONNECT_SECONDS):
                    beyond = await asyncio.open_connection(address, port)
                self._addresses[host, port] = address
                self.passages.append(Passage(host=host, port=port, address=address))
                return SUCCEEDED, beyond
        self.passages.append(Passage(host=host, port=port, address=None))
        return NOT_ALLOWED if found and not allowed else FAILED, None


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """The greeting and the request: host, as name or address, and port. OSError for what is not our SOCKS5."""
    version, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    asked_version, command, _, kind = await reader.readexactly(4)
    if (version, asked_version, command) != (5, 5, 1):
        raise OSError("not a CONNECT of SOCKS5")
    if kind == NAME:
        [length] = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii")
    else:
        family, size = (socket.AF_INET, 4) if kind == IPV4 else (socket.AF_INET6, 16)
        host = socket.inet_ntop(family, await reader.readexactly(size))
    [port] = struct.unpack("!H", await reader.readexactly(2))
    return host, port


async def _resolve(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(place[4][0]) for place in found]


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()

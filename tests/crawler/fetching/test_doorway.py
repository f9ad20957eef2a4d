"""The doorway: what it lets through, what it refuses, and what it tells of both."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crawler.fetching.doorway import FAILED, LOOPBACK, NOT_ALLOWED, SUCCEEDED, Doorway, Passage

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1000):
        writer.write(data)
    writer.close()


@asynccontextmanager
async def opened(doorway: Doorway) -> AsyncIterator[tuple[Streams, int]]:
    """A conversation with the doorway, greeted already, and the port of an echo behind it."""
    server = await asyncio.start_server(echo, LOOPBACK, 0)
    reader, writer = await asyncio.open_connection(LOOPBACK, await doorway.open())
    writer.write(b"\x05\x01\x00")
    assert await reader.readexactly(2) == b"\x05\x00"
    yield (reader, writer), server.sockets[0].getsockname()[1]
    writer.close()
    await doorway.close()
    server.close()
    await server.wait_closed()


async def connect(streams: Streams, host: str, port: int) -> int:
    reader, writer = streams
    try:
        address = b"\x01" + socket.inet_aton(host)
    except OSError:
        address = b"\x03" + bytes([len(host)]) + host.encode()
    writer.write(b"\x05\x01\x00" + address + port.to_bytes(2, "big"))
    return (await reader.readexactly(10))[1]


def test_bytes_pass_both_ways_and_the_passage_is_told() -> None:
    async def told() -> None:
        doorway = Doorway(allow_private=True)
        async with opened(doorway) as (streams, port):
            assert await connect(streams, "localhost", port) == SUCCEEDED
            streams[1].write(b"x" * 100_000)
            assert await streams[0].readexactly(100_000) == b"x" * 100_000
            assert doorway.address_of("localhost", port) == LOOPBACK
        assert doorway.passages == [Passage(host="localhost", port=port, address=LOOPBACK)]

    asyncio.run(told())


def test_a_private_address_is_refused_by_name_and_by_number() -> None:
    async def refused(host: str) -> Doorway:
        doorway = Doorway(allow_private=False)
        async with opened(doorway) as (streams, port):
            assert await connect(streams, host, port) == NOT_ALLOWED
        return doorway

    for host in ("localhost", "127.0.0.1", "169.254.169.254"):
        doorway = asyncio.run(refused(host))
        assert list(doorway.refused) == [host]
        assert [passage.address for passage in doorway.passages] == [None]


def test_a_name_that_does_not_resolve_fails_and_is_not_called_refused() -> None:
    async def told() -> None:
        doorway = Doorway(allow_private=False)
        async with opened(doorway) as (streams, port):
            assert await connect(streams, "nowhere.invalid", port) == FAILED
        assert (doorway.refused, len(doorway.passages)) == ({}, 1)

    asyncio.run(told())


def test_what_is_no_socks5_gets_no_answer() -> None:
    async def told() -> None:
        doorway = Doorway(allow_private=True)
        reader, writer = await asyncio.open_connection(LOOPBACK, await doorway.open())
        writer.write(b"GET / HTTP/1.1\r\nHost: a.cn\r\n\r\n" + b"x" * 300)
        answered = await reader.read(100)
        writer.close()
        await doorway.close()
        assert (answered, doorway.passages) in [(b"", []), (b"\x05\x00", [])]

    asyncio.run(told())

"""The commands that listen until they are told to stop: the archive's HTTP side, and Wayback replay."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from archive.access.listening import Ends, address, bound, ends, serving
from archive.access.replay import need_pywb, need_server, replaying
from archive.access.server import make_app
from archive.config import load_config
from archive.errors import ServerEnded
from archive.stores import open_stores

Command = TypeVar("Command", bound=Callable[..., None])
LOOPBACK = "127.0.0.1"


def listening_on(port: int) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        at = click.option("--port", type=click.IntRange(0, 65535), default=port, show_default=True, help="0: any free")
        return click.option("--host", default=LOOPBACK, show_default=True, help="the address to listen on")(at(command))

    return decorate


@click.command()
@listening_on(8076)
def server(host: str, port: int) -> None:
    """Serve the archive over HTTP: a CDX server, and WARC files by range."""
    with ends() as told, _serving(told, host, port) as where:
        click.echo(f"server: {where}", err=True)
        _wait(told)


@click.group()
def replay() -> None:
    """Wayback replay and Memento over the archive."""


@replay.command()
@listening_on(8077)
@click.option("--server", metavar="URL", help="a running `nianbao server`; without it one is started on loopback")
def serve(host: str, port: int, server: str | None) -> None:
    """Serve Wayback replay: the collection `all`, and one for each portal."""
    need_pywb()
    with ends() as told, bound(host, port) as door, _server(told, server) as behind:
        where = address(door)
        with replaying(door, behind, told):
            click.echo(f"server: {behind}\nreplay: {where}", err=True)
            _wait(told)


@contextmanager
def _server(told: Ends, running: str | None) -> Iterator[str]:
    if running:
        yield need_server(running)
        return
    with _serving(told, LOOPBACK, 0) as where:
        yield where


@contextmanager
def _serving(told: Ends, host: str, port: int) -> Iterator[str]:
    config = load_config(os.environ, Path.cwd())
    with bound(host, port) as door, open_stores(config) as stores, serving(make_app(stores), door, told):
        yield address(door)


def _wait(told: Ends) -> None:
    if reason := told.first():
        raise ServerEnded(reason)

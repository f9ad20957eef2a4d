"""The words of the product that deployment files say: its commands with their options, its variables."""

import re
from collections.abc import Iterator, Sequence

import click

from archive.config import KEYS, variable
from archive.secret import BY_FILE
from scheduler.cli import nianbao

VARIABLES = {"NIANBAO_CONFIG", *(variable(key) + end for key in KEYS for end in ("", BY_FILE))}


def unknown_variables(text: str) -> Iterator[str]:
    for name in sorted(set(re.findall(r"\bNIANBAO_[A-Z0-9_]+", text)) - VARIABLES):
        yield f"{name} is no setting"


def wrong_command(words: Sequence[str]) -> Iterator[str]:
    """Why `nianbao` would refuse these words. Nothing is run."""
    command: click.Command = nianbao
    context, rest = click.Context(command), list(words)
    while isinstance(command, click.Group):
        found = command.get_command(context, rest[0]) if rest else None
        if found is None:
            yield f"nianbao {' '.join(words)}: no such command"
            return
        command, rest = found, rest[1:]
    try:
        command.make_context(command.name, rest)
    except click.ClickException as exc:
        yield f"nianbao {' '.join(words)}: {exc.format_message()}"

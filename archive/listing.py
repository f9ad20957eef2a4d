"""Lists as operators and scripts want them: a table, JSON, JSON lines, CSV. Stdout holds data, and only data."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

LINE_MOST = 10_000
FORMATS = click.option(
    "--format", "style", type=click.Choice(["table", "json", "jsonl", "csv"]), default="table", show_default=True
)


def show(rows: Iterable[dict[str, Any]], keys: Sequence[str], style: str, *, brief: Sequence[str] = ()) -> None:
    """Prints the rows' `keys`; a table shows the `brief` ones only, as a line has an end."""
    picked = ({key: row[key] for key in keys} for row in rows)
    match style:
        case "json":
            click.echo(json.dumps(list(picked), ensure_ascii=False, indent=2))
        case "jsonl":
            for row in picked:
                click.echo(json.dumps(row, ensure_ascii=False))
        case "csv":
            writer = csv.DictWriter(sys.stdout, keys)
            writer.writeheader()
            writer.writerows({key: _cell(value) for key, value in row.items()} for row in picked)
        case _:
            print_table(picked, brief or keys)


def print_table(rows: Iterable[dict[str, Any]], keys: Sequence[str]) -> None:
    """A row's missing key is an empty cell."""
    table = Table(*keys, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(_words(row.get(key)) for key in keys))
    console = Console()
    # In a pipe a line has no end: what is cut or wrapped there is lost to grep.
    Console(width=None if console.is_terminal else LINE_MOST).print(table)


def _words(value: object) -> str:
    return " ".join(map(_cell, value)) if isinstance(value, list) else _cell(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value).lower() if isinstance(value, bool) else str(value)

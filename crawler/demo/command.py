"""The demo: the sample portals on loopback, crawled twice into an embedded archive, as an operator would do it.

Every step is the very command that it prints, run as a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from archive.commands import here
from archive.config import Config
from archive.listing import print_table
from crawler.demo.world import start_world

NIANBAO = str(Path(sys.executable).with_name("nianbao"))
DELAY = 0.02
ATTENTION = 1


@click.command()
@click.option("--keep", is_flag=True, help="leave the demo's archive where it is")
@click.option("--no-serve", is_flag=True, help="end after printing")
def demo(*, keep: bool, no_serve: bool) -> None:  # noqa: ARG001  # replay and console join here
    """Crawl the sample portals on loopback; print reports, coverage and handoffs."""
    with _home(here(), keep=keep) as home:
        registry = home / "portals.toml"
        with start_world(delay=DELAY) as first:
            registry.write_text(first.portals_toml, encoding="utf-8")
            _say("Four sample portals stand on loopback. The first crawl:")
            _run(home, "crawl", "--portals", str(registry))
        with start_world(day=2, delay=DELAY, ports=first.ports):
            _say("A day later one report is new, one number was edited in silence, one page is gone:")
            _run(home, "crawl", "--portals", str(registry), "--refresh")
        _say("What is in the archive, a row per publication; copies name what they copy:")
        _reports(_lines(home, "reports", "--format", "jsonl"))
        _say("Who published, and who did not:")
        _coverage(_lines(home, "coverage", "--format", "jsonl"))
        _say("What the parsing stage pulls: every report once, every change again:")
        _handoffs(_lines(home, "handoff", "pull", "--group", "demo", "--max", "1000"))
        _say(f"The archive stays: NIANBAO_HOME={home} {NIANBAO} --help" if keep else "With --keep the archive stays.")


@contextmanager
def _home(config: Config, *, keep: bool) -> Iterator[Path]:
    home = config.home.absolute() / "demo"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    try:
        yield home
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)


def _environment(home: Path) -> dict[str, str]:
    """Nothing of an operator's own settings: the demo never touches their stores."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    nowhere = home / "nianbao.toml"
    nowhere.touch()
    return {**plain, "NIANBAO_HOME": str(home), "NIANBAO_CONFIG": str(nowhere), "NIANBAO_ALLOW_PRIVATE_HOSTS": "true"}


def _run(home: Path, *words: str) -> None:
    click.secho(f"$ nianbao {' '.join(words)}", dim=True)
    done = subprocess.run([NIANBAO, *words], env=_environment(home), check=False)
    # Sample portals misbehave: "done, but something needs attention" is what a crawl of them should say.
    if done.returncode > ATTENTION:
        sys.exit(done.returncode)


def _lines(home: Path, *words: str) -> list[dict[str, Any]]:
    click.secho(f"$ nianbao {' '.join(words)}", dim=True)
    done = subprocess.run([NIANBAO, *words], env=_environment(home), check=True, stdout=subprocess.PIPE)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _say(text: str) -> None:
    click.secho(f"\n{text}", bold=True)


def _reports(rows: Sequence[dict[str, Any]]) -> None:
    print_table(rows, ("portal", "year", "organ", "published", "version", "relation", "flags", "url"))


def _coverage(rows: Sequence[dict[str, Any]]) -> None:
    years = sorted({str(row["year"]) for row in rows})
    organs: dict[tuple[object, object], dict[str, Any]] = {}
    for row in rows:
        place = organs.setdefault((row["portal"], row["organ"]), {"portal": row["portal"], "organ": row["organ"]})
        place[str(row["year"])] = row["state"]
    print_table(organs.values(), ("portal", "organ", *years))


def _handoffs(messages: Sequence[dict[str, Any]]) -> None:
    picked = ("portal", "organ", "year", "version", "canonical", "flags")
    rows = []
    for message in messages:
        kind = message["type"].removeprefix("cn.nianbao.")
        rows.append({"type": kind, **{key: message["data"][key] for key in picked}})
    print_table(rows, ("type", *picked))
    click.echo(f"{len(rows)} messages")

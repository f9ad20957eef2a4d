"""The demo: the sample portals on loopback, crawled twice into an embedded archive, as an operator would do it; at the
end the portals are gone, and replay shows what was kept.

Every step is the very command that it prints, run as a process of its own.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from archive.commands import here
from archive.config import Config
from archive.listing import print_table
from crawler.demo.world import DemoWorld, start_world

NIANBAO = str(Path(sys.executable).with_name("nianbao"))
DELAY = 0.02
ATTENTION = 1


@click.command()
@click.option("--keep", is_flag=True, help="leave the demo's archive where it is")
@click.option("--no-serve", is_flag=True, help="end after printing")
def demo(*, keep: bool, no_serve: bool) -> None:
    """Crawl the sample portals on loopback; print reports, coverage and handoffs; serve replay until Ctrl-C."""
    with _home(here(), keep=keep) as home:
        registry = home / "portals.toml"
        with start_world(delay=DELAY) as first:
            registry.write_text(first.portals_toml, encoding="utf-8")
            _say("Five sample portals stand on loopback. The first crawl:")
            _run(home, "crawl", "--portals", str(registry))
        with start_world(day=2, delay=DELAY, ports=first.ports) as second:
            _say("A day later one report is new, one number was edited in silence, one page is gone:")
            _run(home, "crawl", "--portals", str(registry), "--refresh")
        _say("What is in the archive, a row per publication; copies name what they copy:")
        _reports(_lines(home, "reports", "--format", "jsonl"))
        _say("Who published, and who did not:")
        _coverage(_lines(home, "coverage", "--format", "jsonl"))
        _say("What the parsing stage pulls: every report once, every change again:")
        _handoffs(_lines(home, "handoff", "pull", "--group", "demo", "--max", "1000"))
        if not no_serve:
            _say("The sample portals are gone. Replay shows them as they were:")
            _serve(home, second)
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


def _serve(home: Path, world: DemoWorld) -> None:
    """Until Ctrl-C or SIGTERM."""
    words = ("replay", "serve", "--port", "0")
    click.secho(f"$ nianbao {' '.join(words)}", dim=True)
    with subprocess.Popen([NIANBAO, *words], env=_environment(home), stderr=subprocess.PIPE, text=True) as process:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: process.terminate())
        for line in process.stderr or ():
            click.echo(line, err=True, nl=False)
            if line.startswith("replay: "):
                _addresses(line.split()[1], world)
    if process.returncode:
        sys.exit(process.returncode)


def _addresses(replay: str, world: DemoWorld) -> None:
    home = tomllib.loads(world.portals_toml)["portal"][0]["home"]
    edited = world.edited[0]
    file = next(url for row in world.expected for url in row.attachments if url.endswith(".pdf"))
    pages = {
        "a portal": f"{replay}/all/{home}",
        "a report whose number was edited": f"{replay}/all/*/{edited}",
        "its newest state": f"{replay}/all/{edited}",
        "a report's file": f"{replay}/all/{file}",
        "its portal's own collection": f"{replay}/{world.expected[0].portal}/",
    }
    click.echo("Open, and press Ctrl-C when you have seen enough:")
    for what, url in pages.items():
        click.echo(f"  {what:34}{url}")


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

"""A whole installation on one machine, without containers: what compose.yaml starts, as plain processes, each Nianbao
process with a home of its own and its secrets by file.

    object store, PostgreSQL ─▶ doctor ─▶ scheduler, two workers, server, replay: all healthy
    ─▶ sample portals crawled ─▶ messages pulled and acknowledged ─▶ a page replayed
    ─▶ SIGTERM ─▶ every exit status 0, every spool empty

python -m deploy.trial says a line a step; exit status 0, or 3 and what went wrong. It leaves nothing behind.
"""

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

import click
import psycopg

from crawler.demo.world import DemoWorld, start_world
from tests import services
from tests.services import S3Service

NIANBAO = str(Path(sysconfig.get_path("scripts"), "nianbao"))
PORTALS = ("yunchuan", "chenghu", "nanping")
WORKERS = ("east", "west")
PATIENCE = 60.0
BEGUN = time.monotonic()
PASSWORD = "word-of-the-trial"  # noqa: S105  of a database that ends with the trial


class Failed(Exception):
    """What went wrong, for an operator."""


WRONG = (Failed, OSError, RuntimeError, subprocess.TimeoutExpired)
"""RuntimeError: a store that does not start. OSError: an address that does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A place where a Nianbao process stands: its home, its log. Its settings are those of all."""

    folder: Path
    settings: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def start(self, *words: str) -> None:
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen([NIANBAO, *words], env=self._environment(), cwd=self.folder, stderr=log)
        self.processes.append(process)

    def run(self, *words: str) -> bytes:
        command = [NIANBAO, *words]
        done = subprocess.run(command, env=self._environment(), cwd=self.folder, capture_output=True, check=False)
        if done.returncode:
            raise Failed(f"nianbao {' '.join(words)} ended with {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def rows(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*words).splitlines()]

    def await_words(self, words: str) -> None:
        until(f"{self.folder.name} says {words!r}", lambda: words in self.log)

    def address(self, name: str) -> str:
        """Where it says that it listens."""
        until(f"{name} listens", lambda: re.search(rf"^{name}: http", self.log, re.MULTILINE))
        return str(re.findall(rf"^{name}: (http\S+)", self.log, re.MULTILINE)[0])

    def _environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
        return {**others, **self.settings, "NIANBAO_HOME": str(self.folder / "home")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    top: Path
    settings: dict[str, str]
    machines: dict[str, Machine] = field(default_factory=dict)

    def at(self, name: str) -> Machine:
        if name not in self.machines:
            (self.top / name).mkdir()
            self.machines[name] = Machine(folder=self.top / name, settings=self.settings)
        return self.machines[name]

    def running(self) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
        return ((name, process) for name, machine in self.machines.items() for process in machine.processes)

    def kill(self) -> None:
        for _, process in self.running():
            process.kill()
            process.wait()


def say(line: str) -> None:
    click.echo(f"trial: {time.monotonic() - BEGUN:5.1f} s  {line}")


def until(what: str, true: Callable[[], object]) -> None:
    deadline, pause = time.monotonic() + PATIENCE, threading.Event()
    while not true():
        if time.monotonic() > deadline:
            raise Failed(f"not within {PATIENCE:g} s: {what}")
        pause.wait(0.1)


def ask(url: str) -> str:
    with urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310  an address that a process of ours has said
        text: str = answer.read().decode()
        return text


@contextmanager
def stores(top: Path) -> Iterator[Fleet]:
    """MinIO, where it is, or SeaweedFS; PostgreSQL, with a user who may do no more than own one database."""
    with ExitStack() as stack:
        folders = [top / name for name in ("objects", "postgresql", "secrets")]
        for folder in folders:
            folder.mkdir()
        found = services.find_minio()
        object_store = services.minio(folders[0], found) if found else services.seaweedfs(folders[0])
        service = stack.enter_context(object_store)
        say(f"{'MinIO' if found else 'SeaweedFS (no MinIO here)'} answers on {service.endpoint}")
        url = _database(stack.enter_context(services.postgresql(folders[1])))
        say("PostgreSQL answers")
        yield Fleet(top=top, settings=_settings(service) | _by_file(folders[2], service, url))


def _database(url: str) -> str:
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE nianbao LOGIN PASSWORD '{PASSWORD}'".encode())
        connection.execute("CREATE DATABASE nianbao OWNER nianbao")
    return re.sub(r"//.*/postgres\?", f"//nianbao:{PASSWORD}@/nianbao?", url)


def _settings(service: S3Service) -> dict[str, str]:
    return {
        "NIANBAO_CONTACT": "trial@nianbao.invalid",
        "NIANBAO_EXECUTOR": "procrastinate",
        "NIANBAO_ALLOW_PRIVATE_HOSTS": "true",  # the sample portals stand on loopback
        "NIANBAO_OBJECTS_URL": "s3://nianbao",
        "NIANBAO_S3_ENDPOINT": f"http://{service.endpoint}",
        "NIANBAO_S3_REGION": service.region,
    }


def _by_file(folder: Path, service: S3Service, url: str) -> dict[str, str]:
    secrets = {"CATALOG_URL": url, "S3_ACCESS_KEY": service.access_key, "S3_SECRET_KEY": service.secret_key}
    for name, value in secrets.items():
        (folder / name).write_text(f"{value}\n", "utf-8")
    return {f"NIANBAO_{name}_FILE": str(folder / name) for name in secrets}


def start(fleet: Fleet, registry: str) -> str:
    """All processes, each waited for as compose.yaml waits for it. Gives the address of replay."""
    for line in fleet.at("parser").run("doctor").decode().splitlines():
        say(f"doctor: {line}")
    fleet.at("scheduler").start("schedule", "run", "--portals", registry)
    for name in WORKERS:
        fleet.at(name).start("worker", "--processes", "1", "--portals", registry)
    fleet.at("server").start("server", "--port", "0")
    server = fleet.at("server").address("server")
    fleet.at("replay").start("replay", "serve", "--port", "0", "--server", server)
    replay = fleet.at("replay").address("replay")
    for address in (f"{server}/health", f"{replay}/"):
        ask(address)
        say(f"{address} answers")
    for name in WORKERS:
        fleet.at(name).await_words(" takes jobs")
    fleet.at("scheduler").await_words(" leads")
    say(fleet.at("parser").run("schedule", "status").decode().strip())
    return replay


def crawl(fleet: Fleet, registry: str, world: DemoWorld) -> None:
    parser = fleet.at("parser")
    for portal in PORTALS:
        parser.run("schedule", "now", portal, "--portals", registry)
    rows: list[dict[str, Any]] = []

    def ended() -> bool:
        rows[:] = parser.rows("schedule", "runs", "--format", "jsonl")
        return all(row["state"] not in {"queued", "running"} for row in rows)

    until("the runs end", ended)
    if [row["state"] for row in rows] != ["finished"] * len(PORTALS):
        raise Failed(f"runs: {rows}")
    shares = {name: len(list((fleet.at(name).folder / "home/logs").glob("*.log"))) for name in WORKERS}
    if not all(shares.values()):
        raise Failed(f"runs by worker: {shares}")
    found = {row["url"] for row in parser.rows("reports", "--format", "jsonl")}
    if found != {report.url for report in world.expected if report.portal in PORTALS}:
        raise Failed(f"reports: {sorted(found)}")
    say(f"{len(rows)} runs finished, by worker {shares}; {len(found)} publications of reports, as expected")


def hand_off(fleet: Fleet) -> dict[str, Any]:
    """Gives the data of one message: of a page."""
    parser, group = fleet.at("parser"), ("--group", "trial")
    messages = parser.rows("handoff", "pull", *group, "--max", "1000")
    parser.run("handoff", "ack", *group, *(message["id"] for message in messages))
    if left := parser.rows("handoff", "pull", *group):
        raise Failed(f"{len(left)} messages came again")
    say(f"{len(messages)} messages pulled and acknowledged")
    return next(message["data"] for message in messages if message["data"]["media_type"] == "text/html")


def show(replay: str, report: dict[str, Any]) -> None:
    if report["title"] not in ask(f"{replay}/all/mp_/{report['url']}"):
        raise Failed(f"{report['url']} is replayed without its title, {report['title']}")
    say(f"replayed: {report['title']}")


def stop(fleet: Fleet) -> None:
    for _, process in fleet.running():
        process.send_signal(signal.SIGTERM)
    statuses = {name: process.wait(PATIENCE) for name, process in fleet.running()}
    if any(statuses.values()):
        raise Failed(f"exit statuses: {statuses}")
    if left := [str(path) for path in fleet.top.glob("*/home/spool/*")]:
        raise Failed(f"left in spools: {left}")
    say(f"{', '.join(statuses)} ended with 0; every spool is empty")


def attempt(top: Path) -> None:
    with stores(top) as fleet, start_world() as world:
        registry = top / "portals.toml"
        registry.write_text(world.portals_toml, "utf-8")
        try:
            replay = start(fleet, str(registry))
            crawl(fleet, str(registry), world)
            show(replay, hand_off(fleet))
            stop(fleet)
        except WRONG:
            for name, machine in fleet.machines.items():
                click.echo(f"--- log of {name}\n{machine.log[-2000:]}", err=True)
            raise
        finally:
            fleet.kill()


def main() -> int:
    with TemporaryDirectory(prefix="nianbao-trial-") as top:
        try:
            attempt(Path(top))
        except WRONG as exc:
            click.echo(f"trial: FAILED: {exc}", err=True)
            return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())

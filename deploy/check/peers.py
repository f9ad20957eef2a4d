"""What others' tools say of the files: the Compose Specification's schema, hadolint, Docker Compose, systemd.

Each gives the lines that it found. A tool that this machine cannot have is `Absent`, and said so: never a silence.
"""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.check.units import PROGRAM

EXPOSURE_MOST = 25
"""Tenths: systemd's measure of what a unit could still reach, from 0 to 100."""


class Absent(Exception):
    """What is not validated, and why."""


def check_schema(folder: Path) -> Iterator[str]:
    yield from _says(_tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", folder / "compose.yaml")


def check_lint(folder: Path) -> Iterator[str]:
    yield from _says(_tool("hadolint"), "--no-color", folder / "Dockerfile")


def check_docker_compose(folder: Path) -> Iterator[str]:
    if not (docker := shutil.which("docker")) or any(_says(docker, "compose", "version")):
        raise Absent("compose.yaml as Docker Compose reads it: there is no `docker compose` here")
    contact = os.environ | {"NIANBAO_CONTACT": "ops@archive.example.org"}
    yield from _says(docker, "compose", "--file", folder / "compose.yaml", "config", "--quiet", environment=contact)


def check_systemd(folder: Path) -> Iterator[str]:
    if not (analyze := shutil.which("systemd-analyze")):
        raise Absent("systemd units as systemd reads them: there is no systemd-analyze here (Debian: systemd)")
    with TemporaryDirectory() as place:
        services = _install(folder / "systemd", Path(place))
        yield from _says(analyze, "verify", "--man=no", "--recursive-errors=no", *services, f"{place}/nianbao.target")
        for service in services:
            measured = ("--offline=yes", f"--threshold={EXPOSURE_MOST}", "--no-pager", service)
            yield from list(_says(analyze, "security", *measured))[-1:]


def _install(units: Path, place: Path) -> list[Path]:
    """The units as an operator would lay them out, but with a program that is there: systemd looks for it."""
    for path in (*units.glob("*.service"), *units.glob("*.target")):
        (place / path.name).write_text(path.read_text("utf-8").replace(PROGRAM, _tool("nianbao")), "utf-8")
    services = sorted(place.glob("*.service"))
    for service in services:
        (drop_in := Path(f"{service}.d")).mkdir()
        shutil.copy(units / "stores.conf", drop_in)
    return services


def _tool(name: str) -> str:
    return str(Path(sysconfig.get_path("scripts"), name))


def _says(*words: str | Path, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """What a tool said, if it was not content."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        yield from lines or [f"{words[0]} ended with status {done.returncode}"]

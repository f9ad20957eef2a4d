"""An installation under test: a folder of its own, its settings, and the `nianbao` command as a process."""

import json
import os
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select

from archive.config import Config, load_config
from archive.index.schema import DERIVED
from archive.stores import Stores, open_stores
from crawler.demo.world import DemoWorld
from tests.services import S3Service

NIANBAO = (str(Path(sysconfig.get_path("scripts"), "nianbao")),)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    status: int
    stdout: bytes
    stderr: str

    @property
    def rows(self) -> list[Row]:
        return [json.loads(line) for line in self.stdout.splitlines()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Without what the tests' own environment says to the product."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
        return {**ours, "NIANBAO_ALLOW_PRIVATE_HOSTS": "true", **self.settings}

    @property
    def spool(self) -> Path:
        return self.folder / "var/spool"

    def run(self, *words: object) -> Finished:
        return finish(self.start(*words))

    def start(self, *words: object, command: Sequence[str] = NIANBAO, **more: Any) -> subprocess.Popen[bytes]:
        pipe, texts = subprocess.PIPE, [*command, *map(str, words)]
        more.setdefault("env", self.environment)
        return subprocess.Popen(texts, cwd=self.folder, stdout=pipe, stderr=pipe, **more)

    def know(self, world: DemoWorld) -> Path:
        """Writes the world's registry down where `--portals` can name it."""
        registry = self.folder / "portals.toml"
        registry.write_text(world.portals_toml, "utf-8")
        return registry

    @property
    def config(self) -> Config:
        return load_config(self.environment, self.folder)

    @contextmanager
    def stores(self) -> Iterator[Stores]:
        with open_stores(self.config) as opened:
            yield opened

    def rows(self, question: Select[Any]) -> list[Row]:
        with self.stores() as opened:
            return list(opened.catalog.rows(question))

    def derived(self) -> dict[str, list[str]]:
        """All derived rows by table, in an order of their own; handoffs without their numbers, but in theirs."""
        with self.stores() as opened:
            held = {table.name: list(opened.catalog.rows(select(table))) for table in DERIVED}
        messages = sorted(held.pop("handoffs"), key=lambda row: row["seq"])
        tables = {name: sorted(map(repr, rows)) for name, rows in held.items()}
        return {**tables, "handoffs": [row["message"] for row in messages]}


def finish(process: subprocess.Popen[bytes], *, seconds: float = 120) -> Finished:
    with process:
        try:
            stdout, stderr = process.communicate(timeout=seconds)
        finally:
            process.kill()  # does nothing to one that has ended
    return Finished(status=process.returncode, stdout=stdout, stderr=stderr.decode())


def s3_settings(service: S3Service, objects_url: str) -> dict[str, str]:
    return {
        "NIANBAO_OBJECTS_URL": objects_url,
        "NIANBAO_S3_ENDPOINT": service.endpoint,
        "NIANBAO_S3_ACCESS_KEY": service.access_key,
        "NIANBAO_S3_SECRET_KEY": service.secret_key,
        "NIANBAO_S3_REGION": service.region,
        "NIANBAO_S3_SECURE": "true" if service.secure else "false",
    }

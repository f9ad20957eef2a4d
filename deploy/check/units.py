"""The systemd units, beyond what systemd itself checks: they run commands that exist, and read what they are handed."""

import re
from collections.abc import Iterator
from pathlib import Path

from deploy.check.words import wrong_command

PROGRAM = "/opt/nianbao/bin/nianbao"
TARGET = "nianbao.target"


def check_units(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "systemd").iterdir()):
        text = path.read_text("utf-8")
        found = [*_service(text)] if path.suffix == ".service" else []
        yield from (f"{path.name}: {line}" for line in (*found, *_credentials(text)))


def _service(text: str) -> Iterator[str]:
    for command in _values(text, "ExecStart"):
        program, *words = command.split()
        if program != PROGRAM:
            yield f"ExecStart={command}: allowed: {PROGRAM}"
        yield from wrong_command(words)
    for key in ("PartOf", "WantedBy"):
        if _values(text, key) != [TARGET]:
            yield f"{key} is not {TARGET}"


def _credentials(text: str) -> Iterator[str]:
    handed = {value.partition(":")[0] for value in _values(text, "LoadCredential")}
    for name in re.findall(r"%d/(\w+)", text):
        if name not in handed:
            yield f"%d/{name}: no LoadCredential hands it over"


def _values(text: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)

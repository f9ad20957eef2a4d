"""The README's picture, the documents, the contracts and the code tell of one structure."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def layers(name: str) -> list[str]:
    return next(contract["layers"] for contract in CONTRACTS if contract["name"].startswith(name))


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_the_picture_shows_the_layers_of_the_contract(page: str) -> None:
    picture = re.search(r"^ (\w+) ─+▶ (\w+) ─+▶ (\w+) ─+▶", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert picture
    assert list(picture.groups()) == layers("scheduler -> crawler -> archive")


def test_the_architecture_lists_the_archives_folders_in_the_order_of_the_contract() -> None:
    rows = re.findall(r"^\| `archive/(\w+)/` \|", (ROOT / "docs/architecture.md").read_text("utf-8"), re.MULTILINE)
    folders = {path.parent.name for path in (ROOT / "archive").glob("*/__init__.py")}
    contract = [layer.removeprefix("archive.") for layer in reversed(layers("inside the archive"))]
    assert rows == [layer for layer in contract if layer in folders]
    assert set(rows) == folders


def test_every_part_of_the_archive_stands_in_the_contract() -> None:
    parts = {path.stem for path in (ROOT / "archive").glob("*.py")} - {"__init__"}
    named = {layer.removeprefix("archive.") for layer in layers("inside the archive")}
    assert parts - named == {"doctor", "listing"}  # these look at the parts, and no part looks at them


@pytest.mark.parametrize("module", ["scheduler.cli", "scheduler.commands", "archive.commands"])
def test_a_long_lived_process_does_not_load_scrapy(module: str) -> None:
    look = f"import sys, {module}; print(sorted({{'scrapy', 'twisted', 'playwright'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"

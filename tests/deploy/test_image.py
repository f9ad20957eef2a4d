"""What the images install, in a folder instead: the locked packages without the developers', and no source beside."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = ROOT / "var/tools/uv/bin/uv"
IMPORT_ALL = """
import importlib, pkgutil, sys
for top in ("archive", "crawler", "scheduler"):
    package = importlib.import_module(top)
    assert package.__file__.startswith(sys.prefix), package.__file__
    for module in pkgutil.walk_packages(package.__path__, f"{top}."):
        if module.name not in sys.argv:
            importlib.import_module(module.name)
"""
BY_ALEMBIC = "archive.index.migrations.env"


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A copy of what a build is given."""
    folder = tmp_path / "context"
    folder.mkdir()
    for line in (ROOT / "deploy/Dockerfile.dockerignore").read_text("utf-8").splitlines():
        if line.startswith("!"):
            source = ROOT / line[1:]
            (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / source.name)
    return folder


@pytest.mark.parametrize(("extra", "other"), [("workers", "archive.access.wayback"), ("replay", "scheduler.jobs")])
def test_every_module_finds_what_it_imports(context: Path, tmp_path: Path, extra: str, other: str) -> None:
    place = tmp_path / "opt"
    told = ["sync", "--quiet", "--frozen", "--no-dev", "--no-editable", "--extra", extra, "--python", sys.executable]
    alone = {"UV_PROJECT_ENVIRONMENT": str(place), "UV_NO_PYTHON_DOWNLOADS": "1"}
    subprocess.run(["env", *(f"{name}={value}" for name, value in alone.items()), UV, *told], cwd=context, check=True)
    shutil.rmtree(context)
    bare = {"env": {"PATH": f"{place}/bin:/usr/bin:/bin"}, "cwd": "/"}  # no HOME either
    subprocess.run([place / "bin/python", "-c", IMPORT_ALL, other, BY_ALEMBIC], check=True, **bare)
    shown = subprocess.run([place / "bin/nianbao", "--help"], check=True, capture_output=True, **bare)
    assert b"schedule" in shown.stdout

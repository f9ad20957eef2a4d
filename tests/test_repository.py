"""What the repository says of itself is so: its commands exist, its links and paths lead somewhere."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from scheduler.cli import nianbao

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SCRIPTS = [ROOT / "deploy/setup.sh", ROOT / "deploy/secrets.sh", ROOT / ".ci/run"]
NAME = {"ids": lambda path: path.name}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_every_make_command_of_the_documents_is_a_target() -> None:
    named = {
        target for page in PAGES for target in re.findall(r"\bmake ([a-z]+)\b {2,}#|`make ([a-z]+)`", page.read_text())
    }
    assert {"demo", "test", "setup"} <= {one or other for one, other in named} <= targets()


@pytest.mark.parametrize("page", PAGES, **NAME)
def test_every_link_of_a_document_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, **NAME)
def test_every_path_that_a_document_names_exists(page: Path) -> None:
    paths = re.findall(r"`((?:archive|crawler|scheduler|tests|deploy|docs)/[\w./-]*)`", page.read_text("utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, **NAME)
def test_every_nianbao_command_of_a_document_is_one_that_would_be_taken(page: Path) -> None:
    lines = re.findall(r"^(?:\$ )?nianbao (.+)$", page.read_text("utf-8"), re.MULTILINE)
    for line in lines:
        take(nianbao, shlex.split(line, comments=True))


def take(command: click.Command, words: list[str]) -> None:
    """Raises UsageError unless the command takes these words. Does not invoke it."""
    context = click.Context(command)
    while isinstance(command, click.Group):
        name, *words = words
        command = command.get_command(context, name) or pytest.fail(f"no command {name}")
    command.make_context(command.name, words)


@pytest.mark.parametrize("script", SCRIPTS, **NAME)
def test_a_script_can_be_run_and_is_valid_bash(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


def test_setup_refuses_what_it_does_not_know_before_doing_anything() -> None:
    done = subprocess.run([ROOT / "deploy/setup.sh", "everything"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "setup: 'everything' is wrong; allowed: nothing, or tests\n"


def test_setup_without_a_fitting_python_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/setup.sh").write_bytes((ROOT / "deploy/setup.sh").read_bytes())
    for name in ("dirname", "bash"):
        (tmp_path / name).symlink_to(Path("/usr/bin") / name)
    command = ["bash", tmp_path / "deploy/setup.sh"]
    done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "setup: no Python 3.11 or newer on PATH" in done.stderr

"""Checks the deployment files without deploying anything: a line for each thing that is wrong; exit status 1 if any is.

python -m deploy.check
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from deploy.check import peers
from deploy.check.composition import check_composition, read_composition, targets
from deploy.check.recipe import check_recipe
from deploy.check.units import check_units
from deploy.check.words import unknown_variables

FOLDER = Path(__file__).parents[1]
NAMED = ("compose.yaml", "Dockerfile", "systemd/*")
"""Where settings are named."""


def findings(folder: Path) -> Iterator[str]:
    for path in sorted(path for pattern in NAMED for path in folder.glob(pattern)):
        yield from (f"{path.name}: {line}" for line in unknown_variables(path.read_text("utf-8")))
    yield from (f"compose.yaml: {line}" for line in check_composition(folder))
    yield from (f"Dockerfile: {line}" for line in check_recipe(folder, targets(read_composition(folder))))
    yield from (f"systemd: {line}" for line in check_units(folder))


def main() -> int:
    wrong = list(findings(FOLDER))
    for check in (peers.check_schema, peers.check_lint, peers.check_docker_compose, peers.check_systemd):
        try:
            wrong += check(FOLDER)
        except peers.Absent as exc:
            click.echo(f"deploy: not validated: {exc}")
    for line in wrong:
        click.echo(f"deploy: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

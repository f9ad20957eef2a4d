"""The Dockerfile: its stages, and what must be so for each that becomes an image.

Every image from outside is pinned by digest; what runs is not root; what is copied exists and is let into the context;
the tools have the versions that `setup.sh` installs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PINNED = re.compile(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}")
VERSIONS = ("UV_VERSION", "MINIO_VERSION")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)
    """Instruction and argument."""


Stages = dict[str, Stage]


def read_stages(text: str) -> Stages:
    stages: Stages = {}
    stage = Stage(name="", base="")
    for instruction, argument in _instructions(text):
        if instruction == "FROM":
            base, _, name = argument.partition(" AS ")
            stage = stages[name] = Stage(name=name, base=base)
        stage.steps.append((instruction, argument))
    return stages


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            instruction, _, argument = line.partition(" ")
            yield instruction, " ".join(argument.split())


def chain(stages: Stages, name: str) -> Iterator[Stage]:
    """A stage and those that it is built upon."""
    while stage := stages.get(name):
        yield stage
        name = stage.base


def said(stages: Stages, name: str, instruction: str) -> list[str]:
    """An image's arguments of an instruction, the last one first."""
    steps = [step for stage in chain(stages, name) for step in reversed(stage.steps)]
    return [argument for each, argument in steps if each == instruction]


def programs(stages: Stages, name: str) -> set[str]:
    """What an image is known to hold: the packages that it installs, the files that it copies to a name."""
    runs = " ".join(said(stages, name, "RUN"))
    installed = " ".join(re.findall(r"--no-install-recommends ([^&]+)", runs)).split()
    return {*installed, *(argument.rpartition("/")[2] for argument in said(stages, name, "COPY"))}


def check_recipe(folder: Path, targets: set[str]) -> Iterator[str]:
    """`folder` is this one's parent in a working tree; its own parent is the context."""
    text = (folder / "Dockerfile").read_text("utf-8")
    stages = read_stages(text)
    for stage in stages.values():
        yield from _check_base(stage, stages)
        yield from _check_copies(stage, stages, folder)
    for target in sorted(targets & stages.keys()):
        user = next(iter(said(stages, target, "USER")), "root")
        if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", user):
            yield f"stage {target}: runs as {user}; allowed: the numbers of a user and a group, not 0"
    yield from _check_versions(text, (folder / "setup.sh").read_text("utf-8"))


def _check_base(stage: Stage, stages: Stages) -> Iterator[str]:
    if stage.base not in stages and not PINNED.fullmatch(stage.base):
        yield f"stage {stage.name}: FROM {stage.base}: no stage, and not pinned as NAME:TAG@sha256:DIGEST"


def _check_copies(stage: Stage, stages: Stages, folder: Path) -> Iterator[str]:
    admitted = re.findall(r"^!(.+)$", (folder / "Dockerfile.dockerignore").read_text("utf-8"), re.MULTILINE)
    for argument in (argument for instruction, argument in stage.steps if instruction == "COPY"):
        *sources, _ = argument.split()
        if sources[0].startswith("--from="):
            if sources[0].removeprefix("--from=") not in stages:
                yield f"stage {stage.name}: COPY {sources[0]}: no such stage"
            continue
        for source in sources:
            if source not in admitted or not (folder.parent / source).exists():
                yield f"stage {stage.name}: COPY {source}: not there, or kept out by Dockerfile.dockerignore"


def _check_versions(recipe: str, setup: str) -> Iterator[str]:
    for name in VERSIONS:
        versions = [re.findall(rf"^(?:ARG )?{name}=(\S+)$", text, re.MULTILINE) for text in (recipe, setup)]
        if versions[0] != versions[1]:
            yield f"{name} is {versions[0]}, and {versions[1]} in setup.sh"

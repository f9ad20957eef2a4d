"""compose.yaml, beyond its schema: what it names is there, what it runs is a command, what it opens is loopback."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from deploy.check.recipe import PINNED, Stages, programs, read_stages
from deploy.check.words import wrong_command

OURS = {"nianbao", "replay"}
"""Targets whose entrypoint is the command."""
Service = dict[str, Any]


def read_composition(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))
    return read


def targets(composition: dict[str, Any]) -> set[str]:
    return {target for service in composition["services"].values() if (target := _target(service))}


def _target(service: Service) -> str | None:
    target: str | None = service.get("build", {}).get("target")
    return target


def check_composition(folder: Path) -> Iterator[str]:
    composition, stages = read_composition(folder), read_stages((folder / "Dockerfile").read_text("utf-8"))
    for name, service in composition["services"].items():
        found = (
            *_image(folder, service, stages),
            *_commands(service, stages),
            *_names(service, composition),
            *_doors(service),
        )
        yield from (f"service {name}: {line}" for line in found)
    made = set(re.findall(r"^keep (\w+)", (folder / "secrets.sh").read_text("utf-8"), re.MULTILINE))
    for name, secret in composition["secrets"].items():
        if secret != {"file": f"secrets/{name}"} or name not in made:
            yield f"secret {name}: {secret} is not what secrets.sh makes"


def _image(folder: Path, service: Service, stages: Stages) -> Iterator[str]:
    image, build = service["image"], service.get("build")
    if not build and not PINNED.fullmatch(image):
        yield f"image {image} is not pinned as NAME:TAG@sha256:DIGEST"
    if build and not re.fullmatch(r"[\w-]+:(?!latest)[\w.-]+", image):
        yield f"image {image} has no version"
    if build and build["target"] not in stages:
        yield f"target {build['target']} is no stage of the Dockerfile"
    if build and (folder / build["context"] / build["dockerfile"]).resolve() != (folder / "Dockerfile").resolve():
        yield f"{build['dockerfile']} in {build['context']} is not the Dockerfile"


def _commands(service: Service, stages: Stages) -> Iterator[str]:
    target = _target(service)
    if target in OURS:
        yield from wrong_command(service.get("command", []))
    kind, *test = service.get("healthcheck", {}).get("test", ["NONE"])
    if kind not in {"CMD", "NONE"}:
        yield f"healthcheck {kind}: allowed: CMD, with its words one by one"
    elif test and test[0] == "nianbao":
        yield from wrong_command(test[1:])
    elif test and target and test[0] not in programs(stages, target):
        yield f"healthcheck: {test[0]} is not in its image"


def _names(service: Service, composition: dict[str, Any]) -> Iterator[str]:
    secrets = set(service.get("secrets", []))
    wanted = {
        "secrets": secrets,
        "networks": set(service.get("networks", [])),
        "volumes": {volume.partition(":")[0] for volume in service.get("volumes", [])},
    }
    for kind, names in wanted.items():
        yield from (f"{kind}: {name} is not defined" for name in sorted(names - (composition[kind] or {}).keys()))
    for variable, value in service.get("environment", {}).items():
        if str(value).startswith("/run/secrets/") and value.removeprefix("/run/secrets/") not in secrets:
            yield f"{variable}: {value} is none of its secrets"
    yield from _predecessors(service, composition["services"])


def _predecessors(service: Service, services: dict[str, Service]) -> Iterator[str]:
    for name, wanted in service.get("depends_on", {}).items():
        if name not in services:
            yield f"depends_on: {name} is no service"
        elif wanted["condition"] == "service_healthy" and "healthcheck" not in services[name]:
            yield f"depends_on: {name} has no healthcheck"


def _doors(service: Service) -> Iterator[str]:
    for port in service.get("ports", []):
        if not re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port):
            yield f"port {port} is open beyond loopback"

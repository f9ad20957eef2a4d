"""The check of the deployment files finds what would fail on the day of the deployment."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.check import peers
from deploy.check.__main__ import findings
from deploy.check.units import PROGRAM

ROOT = Path(__file__).parents[2]
CONTEXT = ("pyproject.toml", "uv.lock", "README.md", "LICENSE", "archive", "crawler", "scheduler")
WORKER = "systemd/nianbao-worker.service"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of `deploy`, in a context like its own."""
    for name in CONTEXT:
        (tmp_path / name).symlink_to(ROOT / name)
    keep = shutil.ignore_patterns("__pycache__", "secrets", ".env")
    return Path(shutil.copytree(ROOT / "deploy", tmp_path / "deploy", ignore=keep))


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def test_nothing_is_wrong_with_ours(folder: Path) -> None:
    assert list(findings(folder)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "finding"),
    [
        ("compose.yaml", "NIANBAO_OBJECTS_URL", "NIANBAO_OBJECT_URL", "compose.yaml: NIANBAO_OBJECT_URL is no setting"),
        (
            "compose.yaml",
            "[schedule, run]",
            "[schedules, run]",
            "service scheduler: nianbao schedules run: no such command",
        ),
        ("compose.yaml", "--processes", "--process", "service worker: nianbao worker --process 2: No such option"),
        ("compose.yaml", '"2"]', "two]", "nianbao worker --processes two: Invalid value"),
        ("compose.yaml", "schedule, status]", "schedule, state]", "nianbao schedule state: no such command"),
        ("compose.yaml", "[CMD, curl,", "[CMD, wget,", "service server: healthcheck: wget is not in its image"),
        ("compose.yaml", "[CMD, curl,", "[CMD-SHELL, curl,", "service server: healthcheck CMD-SHELL: allowed: CMD"),
        ("compose.yaml", "nianbao:0.1.0", "nianbao:latest", "service worker: image nianbao:latest has no version"),
        ("compose.yaml", "@sha256:1c5", "@sha256:", "service postgresql: image postgres:18.6-bookworm@sha256:9e2c3c"),
        ("compose.yaml", "target: replay", "target: reply", "service replay: target reply is no stage"),
        ("compose.yaml", "/run/secrets/catalog_url", "/run/secrets/catalog", "/run/secrets/catalog is none of its"),
        ("compose.yaml", "file: secrets/s3_secret_key", "file: secrets/s3_key", "secret s3_secret_key: {'file'"),
        ("compose.yaml", '"home:', '"house:', "service prepare: volumes: house is not defined"),
        ("compose.yaml", "[stores, readers]", "[stores, reader]", "service server: networks: reader is not defined"),
        ("compose.yaml", "127.0.0.1:8076:", "8076:", "service server: port 8076:8076 is open beyond loopback"),
        ("compose.yaml", "server: {condition", "prepare: {condition", "depends_on: prepare has no healthcheck"),
        (
            "secrets.sh",
            "keep catalog_url",
            "keep catalog",
            "secret catalog_url: {'file': 'secrets/catalog_url'} is not",
        ),
        ("Dockerfile", "@sha256:88", ":", "stage debian: FROM debian:bookworm-20260824-slim:"),
        ("Dockerfile", "FROM python AS replay", "FROM pythn AS replay", "stage replay: FROM pythn: no stage, and not"),
        ("Dockerfile", "USER 10001:10001", "USER root", "stage nianbao: runs as root; allowed: the numbers of a user"),
        ("Dockerfile", "COPY crawler crawler", "COPY crawl crawl", "stage locked: COPY crawl: not there, or kept out"),
        ("Dockerfile", "--from=replay-build", "--from=replay-built", "stage replay: COPY --from=replay-built: no such"),
        ("Dockerfile", "UV_VERSION=0.13.9", "UV_VERSION=0.13.8", "UV_VERSION is ['0.13.8'], and ['0.13.9'] in setup"),
        ("Dockerfile.dockerignore", "!uv.lock\n", "", "stage locked: COPY uv.lock: not there, or kept out"),
        (WORKER, "nianbao worker", "nianbao work", "nianbao-worker.service: nianbao work: no such command"),
        (WORKER, PROGRAM, "/usr/bin/nianbao", "nianbao-worker.service: ExecStart=/usr/bin/nianbao worker: allowed"),
        (WORKER, "WantedBy=nianbao.target", "", "nianbao-worker.service: WantedBy is not nianbao.target"),
        ("systemd/stores.conf", "LoadCredential=catalog_url:", "#", "stores.conf: %d/catalog_url: no LoadCredential"),
        ("systemd/nianbao.env.example", "#NIANBAO_PORTALS", "#NIANBAO_PORTAL", "NIANBAO_PORTAL is no setting"),
    ],
)
def test_a_file_that_would_fail_is_found(folder: Path, name: str, old: str, new: str, finding: str) -> None:
    change(folder, name, old, new)
    assert [line for line in findings(folder) if finding in line] != []


@pytest.mark.parametrize(
    ("check", "name", "old", "new", "finding"),
    [
        (peers.check_schema, "compose.yaml", "stop_grace_period", "stop_grace", "'stop_grace' was unexpected"),
        (peers.check_lint, "Dockerfile", "--no-install-recommends ", "", "DL3015"),
        (peers.check_systemd, WORKER, "KillMode=mixed", "KillMod=mixed", "Unknown key"),
        (peers.check_systemd, WORKER, "ProtectSystem=strict", "User=root", "exposure level"),
        (peers.check_systemd, "systemd/stores.conf", "Environment=", "Environments=", "Unknown key"),
    ],
)
def test_peers_take_our_files_and_refuse_broken_ones(
    folder: Path, check: Callable[[Path], Iterator[str]], name: str, old: str, new: str, finding: str
) -> None:
    if check is peers.check_systemd and shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here: as root, apt-get install systemd")
    assert list(check(folder)) == []
    change(folder, name, old, new)
    assert any(finding in line for line in check(folder))


def test_what_cannot_be_validated_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for check, what in ((peers.check_docker_compose, "docker compose"), (peers.check_systemd, "systemd-analyze")):
        with pytest.raises(peers.Absent, match=f"there is no .*{what}"):
            list(check(folder))

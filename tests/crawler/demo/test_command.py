"""The demo runs to its end on its own, shows what it promises, and leaves nothing behind unless told to."""

import os
import subprocess
import sys
from pathlib import Path

NIANBAO = Path(sys.executable).with_name("nianbao")


def demo(home: Path, *options: str) -> str:
    env = {**os.environ, "NIANBAO_HOME": str(home), "COLUMNS": "200"}
    done = subprocess.run([NIANBAO, "demo", *options], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_demo_prints_all_four_portals_copies_coverage_and_handoffs(tmp_path: Path) -> None:
    printed = demo(tmp_path)
    for shown in ("yunchuan", "chenghu", "nanping", "zhaobiao", "masked body-repeated", "missing"):
        assert shown in printed
    assert "report.changed.v1    yunchuan  云川区财政局            2023  2" in printed
    assert "false      masked body-repeated copy-only" in printed
    assert printed.endswith("39 messages\n\nWith --keep the archive stays.\n")
    assert list(tmp_path.iterdir()) == []


def test_demo_kept_is_an_archive_that_commands_read(tmp_path: Path) -> None:
    demo(tmp_path, "--keep", "--no-serve")
    env = {**os.environ, "NIANBAO_HOME": str(tmp_path / "demo")}
    listed = subprocess.run(
        [NIANBAO, "reports", "--format", "csv"], env=env, capture_output=True, text=True, check=True
    )
    assert len(listed.stdout.splitlines()) == 1 + 44

"""The demo shows what it promises, serves what it kept until it is told to stop, and leaves nothing behind unless told
to."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

NIANBAO = Path(sys.executable).with_name("nianbao")


def start(home: Path, *options: str) -> subprocess.Popen[str]:
    env = {**os.environ, "NIANBAO_HOME": str(home), "COLUMNS": "200"}
    pipe = subprocess.PIPE
    return subprocess.Popen([NIANBAO, "demo", *options], env=env, stdout=pipe, stderr=pipe, text=True)


def demo(home: Path, *options: str) -> str:
    with start(home, *options, "--no-serve") as process:
        stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    return stdout


def test_demo_prints_and_then_serves_replay_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        printed = ""
        for line in process.stdout:
            printed += line
            if "its newest state" in line:
                with urlopen(line.split()[-1].replace("/all/", "/all/mp_/")) as page:
                    shown = page.read().decode()
                process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert "云川区财政局2023年政府信息公开工作年度报告" in shown
    for shown in ("yunchuan", "chenghu", "nanping", "zhaobiao", "lingang", "masked body-repeated", "missing"):
        assert shown in printed
    assert "report.changed.v1    yunchuan  云川区财政局            2023  2" in printed
    assert "false      masked body-repeated copy-only" in printed
    assert "\n43 messages\n" in printed
    assert printed.endswith("/yunchuan/\n\nWith --keep the archive stays.\n")
    assert list(tmp_path.iterdir()) == []


def test_demo_kept_is_an_archive_that_commands_read(tmp_path: Path) -> None:
    demo(tmp_path, "--keep")
    env = {**os.environ, "NIANBAO_HOME": str(tmp_path / "demo")}
    listed = subprocess.run(
        [NIANBAO, "reports", "--format", "csv"], env=env, capture_output=True, text=True, check=True
    )
    assert len(listed.stdout.splitlines()) == 1 + 48

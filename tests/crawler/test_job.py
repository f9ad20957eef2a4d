"""A run tells of its own faults, and ends as a run whatever happens to it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from archive.config import load_config
from archive.index.schema import captures, problems, runs
from archive.stores import open_stores
from crawler.demo.world import start_world

ROOT = Path(__file__).parents[2]
FAULTY = """
import json, os, sys
from pathlib import Path
import msgspec
from archive.config import load_config
from crawler.commands import _run
from crawler.job import Options, open_job
from crawler.portals.registry import load_registry
from crawler.spiders.portal import PortalSpider

class Faulty(PortalSpider):
    def parse(self, response, **_):
        raise RuntimeError("no such page was foreseen")

config = load_config(os.environ, Path.cwd())
with open_job(config, load_registry(config.portals)[:1], Options()) as job:
    WHAT
"""


def run(home: Path, what: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **settings(home)}
    with start_world() as world:
        (home / "portals.toml").write_text(world.portals_toml, encoding="utf-8")
        command = [sys.executable, "-c", FAULTY.replace("WHAT", what)]
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def settings(home: Path) -> dict[str, str]:
    portals = {"NIANBAO_PORTALS": str(home / "portals.toml"), "NIANBAO_ALLOW_PRIVATE_HOSTS": "true"}
    return {"NIANBAO_HOME": str(home / "var"), **portals}


def test_a_fault_of_ours_is_a_problem_and_the_page_is_kept(tmp_path: Path) -> None:
    done = run(tmp_path, "print(json.dumps(msgspec.to_builtins(_run(job, Faulty))))")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["kind"], problem["detail"]) == ("fault", "RuntimeError: no such page was foreseen")
    assert "no such page was foreseen" in done.stderr
    with open_stores(load_config(settings(tmp_path), tmp_path)) as stores:
        assert [row["url"] for row in stores.catalog.rows(select(problems))] == [problem["url"]]
        assert problem["url"] in {row["url"] for row in stores.catalog.rows(select(captures))}


def test_a_job_that_is_left_by_an_exception_ends_as_failed_and_hangs_nobody(tmp_path: Path) -> None:
    done = run(tmp_path, "raise SystemExit(7)")
    assert done.returncode == 7
    with open_stores(load_config(settings(tmp_path), tmp_path)) as stores:
        assert [row["state"] for row in stores.catalog.rows(select(runs))] == ["failed"]
        assert list(stores.spool.glob("NIANBAO-*")) == []

"""`scrapy crawl portal` is the same crawl: same settings, same archive."""

import os
import subprocess
import sys
from pathlib import Path

from archive.commands import report_rows
from archive.config import load_config
from archive.stores import open_stores
from crawler.demo.world import start_world

ROOT = Path(__file__).parents[2]
SCRAPY = Path(sys.executable).with_name("scrapy")


def test_scrapys_own_command_keeps_what_ours_keeps(tmp_path: Path) -> None:
    settings = {"NIANBAO_HOME": str(tmp_path / "var"), "NIANBAO_ALLOW_PRIVATE_HOSTS": "true"}
    with start_world() as world:
        (tmp_path / "portals.toml").write_text(world.portals_toml, encoding="utf-8")
        env = {**os.environ, **settings, "NIANBAO_PORTALS": str(tmp_path / "portals.toml")}
        command = [SCRAPY, "crawl", "portal", "-a", "portals=yunchuan,chenghu"]
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with open_stores(load_config(settings, tmp_path)) as stores:
        found = {row["url"] for row in report_rows(stores, None, None)}
        assert list(stores.spool.iterdir()) == []
    assert found == {row.url for row in world.expected if row.portal in {"yunchuan", "chenghu"}}

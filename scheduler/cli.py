"""The `nianbao` command: one entry point, each command's module loaded only when it is called.

Exit status: 0 done · 1 done, but something needs attention · 2 refused (usage, configuration) · 3 failed.
"""

import importlib
import os
import sys

import click

from archive.errors import ArchiveError, ConfigError

COMMANDS = {
    "demo": "crawler.demo.command",
    "crawl": "crawler.commands",
    "save": "crawler.commands",
    "explain": "crawler.commands",
    "reports": "archive.commands",
    "coverage": "archive.commands",
    "captures": "archive.commands",
    "problems": "archive.commands",
    "get": "archive.commands",
    "cdx": "archive.commands",
    "handoff": "archive.commands",
    "rebuild": "archive.commands",
    "recover": "archive.commands",
    "server": "archive.access.commands",
    "replay": "archive.access.commands",
    "schedule": "scheduler.commands",
    "worker": "scheduler.worker",
    "doctor": "archive.commands",
}


class Lazy(click.Group):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[name]), name)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nianbao")
def nianbao() -> None:
    """Nianbao 年报: finds, keeps and hands on the annual open-government reports of Chinese public bodies."""


def main() -> None:
    try:
        sys.exit(nianbao.main(standalone_mode=False, prog_name="nianbao") or 0)
    except click.ClickException as exc:
        _fail(f"{exc.format_message()} (--help tells what is allowed)", 2)
    except ConfigError as exc:
        _fail(str(exc), 2)
    except ArchiveError as exc:
        _fail(str(exc), 3)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(3)
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _fail(message: str, status: int) -> None:
    click.echo(f"nianbao: {message}", err=True)
    sys.exit(status)

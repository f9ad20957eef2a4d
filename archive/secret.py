"""A setting by file: `NIANBAO_X_FILE` names a file that holds the value of `NIANBAO_X`, as secrets of containers and
credentials of systemd units are handed over.

Invariant: what such a file holds stands in no message, whichever setting it is for.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.errors import ConfigError

BY_FILE = "_FILE"


def held(environ: Mapping[str, str], cwd: Path, names: Iterable[str]) -> dict[str, str]:
    """The values of those variables that are given by file. Raises ConfigError; a relative path starts at `cwd`."""
    told = ((name, environ.get(name + BY_FILE, "").strip()) for name in names)
    return {name: _value(name, cwd / path, environ) for name, path in told if path}


def _value(name: str, path: Path, environ: Mapping[str, str]) -> str:
    if environ.get(name, "").strip():
        raise ConfigError(f"{name}: set beside {name}{BY_FILE}; allowed: one of the two")
    what, allowed = f"{name}{BY_FILE}: {str(path)!r}", "a file that holds the value, in one line of UTF-8"
    try:
        value = path.read_text("utf-8-sig").strip()
    except OSError as exc:
        raise ConfigError(f"{what} cannot be read: {exc.strerror}; allowed: {allowed}") from exc
    except ValueError:
        value = ""
    if not value or not value.isprintable():
        raise ConfigError(f"{what} is wrong; allowed: {allowed}")
    return value

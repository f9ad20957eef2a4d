#!/usr/bin/env bash
# Makes .venv, with the `nianbao` command in it, out of nothing but Python 3.11 or newer.
#
#   deploy/setup.sh         the command and the developers' tools, exactly as uv.lock names them
#   deploy/setup.sh tests   the peers the tests talk to: Chromium and MinIO, each a warning where it cannot be had
#
# Runs as root or not, and again at no cost: what stands already is left alone. Proxies, certificates and indexes of
# pip, uv, go and apt are the environment's business; nothing here overrides them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

UV_VERSION=0.13.9
MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
TOOLS=var/tools
STAMP=.venv/setup-stamp

say() { echo "setup: $*" >&2; }
refuse() { say "$*"; exit 2; }
have() { command -v "$1" >/dev/null 2>&1; }
can_apt() { [ "$(id -u)" = 0 ] && have apt-get; }

apt_install() {
  say "apt-get install $*"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# What .venv follows from. The folder is part of it: scripts in a virtual environment hold its absolute path.
wanted() { { pwd; cat pyproject.toml uv.lock deploy/setup.sh; } | sha256sum; }

find_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    # Run it: a version manager's shim may stand on PATH for a version that is not installed.
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      "$name" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  refuse "no Python 3.11 or newer on PATH; on Debian or Ubuntu: apt-get install python3 python3-venv"
}

need_venv_module() {
  local python=$1 package
  "$python" -c 'import ensurepip' 2>/dev/null && return
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  can_apt || refuse "$python cannot make virtual environments; as root: apt-get install $package"
  apt_install "$package" || refuse "$package could not be installed"
}

install_uv() {
  local python=$1
  [ "$("$TOOLS/uv/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ] && return
  need_venv_module "$python"
  say "uv $UV_VERSION into $TOOLS/uv"
  "$python" -m venv --clear "$TOOLS/uv"
  "$TOOLS/uv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
}

setup() {
  local python
  [ -x .venv/bin/nianbao ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$(wanted)" ] && return
  python=$(find_python)
  mkdir -p "$TOOLS"
  install_uv "$python"
  say "what uv.lock names into .venv"
  UV_PROJECT_ENVIRONMENT=.venv "$TOOLS/uv/bin/uv" sync --quiet --frozen --all-extras --all-groups --no-python-downloads \
    --compile-bytecode --python "$python"
  wanted >"$STAMP"
  say "done: .venv/bin/nianbao"
}

setup_chromium() {
  local name
  for name in "${NIANBAO_BROWSER:-}" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && have "$name" && return
  done
  can_apt && apt_install chromium && return
  say "WARNING: no Chromium: rendered pages stay untested; as root: apt-get install chromium"
}

setup_minio() {
  if ! have go; then
    [ -x "$TOOLS/minio" ] || say "WARNING: no MinIO and no go to build it: S3 is tested without MinIO"
    return 0
  fi
  go version -m "$TOOLS/minio" 2>/dev/null | grep -qF "$MINIO_VERSION" && return
  say "MinIO $MINIO_VERSION into $TOOLS (once, some minutes)"
  GOBIN="$PWD/$TOOLS" go install "github.com/minio/minio@$MINIO_VERSION" >&2 ||
    say "WARNING: MinIO could not be built: S3 is tested without MinIO"
}

case "${1:-}" in
  "") setup ;;
  tests) mkdir -p "$TOOLS" && setup_chromium && setup_minio ;;
  *) refuse "'$1' is wrong; allowed: nothing, or tests" ;;
esac

#!/usr/bin/env bash
# Makes the secrets that compose.yaml names, random ones, a file each. What stands already is left alone.
#
#   deploy/secrets.sh            into deploy/secrets
#   deploy/secrets.sh FOLDER     into another folder
#
# The folder is its owner's alone. The files in it can be read by all: inside a container they keep their mode, and who
# reads them there has another number.
set -euo pipefail
umask 077
folder=${1:-$(dirname "${BASH_SOURCE[0]}")/secrets}

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

keep() { # NAME VALUE
  [ -e "$folder/$1" ] && return
  printf '%s\n' "$2" >"$folder/.$1"
  chmod 0444 "$folder/.$1"
  mv "$folder/.$1" "$folder/$1"
  echo "secrets: $folder/$1" >&2
}

mkdir -p "$folder"
keep s3_access_key "nianbao-$(random | head -c 8)"
keep s3_secret_key "$(random)"
keep postgresql_password "$(random)"
keep catalog_url "postgresql+psycopg://nianbao:$(cat "$folder/postgresql_password")@postgresql/nianbao"

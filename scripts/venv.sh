#!/usr/bin/env bash
# Makes .venv from the lock files, with the project installed in it as editable.
#
# Takes the newest Python from 3.11 on that is on PATH (or $PYTHON). Where Debian has left out the
# venv module, installs it, or says which command to run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/apt.sh

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

newest_python() {
  local name
  for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  return 1
}

python=$(newest_python) || fail \
  "Tracker needs Python 3.11 or later, and none was found." \
  "Install one (on Debian or Ubuntu: apt-get install python3) or name one: make PYTHON=/path/to/python3.12"

# ensurepip is what Debian leaves out; without it a virtual environment has no pip.
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  may_apt || fail \
    "This Python ($python) cannot make virtual environments." \
    "Run: sudo apt-get install $package"
  echo "Installing $package" >&2
  apt_install "$package" || apt_install python3-venv
fi

# A virtual environment whose Python has gone, or is another version, is made again.
version='import sys; print(sys.version_info[:2])'
if [ "$(.venv/bin/python -c "$version" 2>/dev/null)" != "$("$python" -c "$version")" ]; then
  rm -rf .venv
  "$python" -m venv .venv
fi

pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet --quiet)
"${pip[@]}" install --require-hashes -r requirements/base.txt -r requirements/dev.txt
"${pip[@]}" install --no-deps --no-build-isolation --editable .

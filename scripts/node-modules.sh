#!/usr/bin/env bash
# Installs the front end's packages from package-lock.json, after a look at Node's version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null; then
  echo "Tracker needs Node 20 or later to build its style sheets: found $(node --version 2>/dev/null || echo none)." >&2
  exit 1
fi
if ! command -v npm >/dev/null 2>&1; then
  echo "Tracker needs npm beside Node. Run: sudo apt-get install npm" >&2
  exit 1
fi
# No package's own install script is needed, so none is run.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

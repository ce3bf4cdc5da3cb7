#!/usr/bin/env bash
# Prints the path of a Chromium that starts, installing one if there is none.
#
# In order: $TRACKER_TEST_CHROMIUM; one on PATH; the distribution's package, where it may be
# installed without a password; Playwright's own download. Only the path goes to standard output.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/apt.sh

# Ubuntu's chromium-browser is there without its snap and then does not start: so it is asked.
starts() {
  [ -n "${1:-}" ] && [ -x "$1" ] && timeout 30 "$1" --version >/dev/null 2>&1
}

on_path() {
  local name path
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    path=$(command -v "$name" 2>/dev/null) || continue
    if starts "$path"; then
      printf '%s\n' "$path"
      return
    fi
  done
  return 1
}

playwrights_own() {
  .venv/bin/python -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
'
}

if starts "${TRACKER_TEST_CHROMIUM:-}"; then
  printf '%s\n' "$TRACKER_TEST_CHROMIUM"
  exit
fi
on_path && exit

if may_apt; then
  echo "Installing Chromium for the browser tests" >&2
  # Liberation Sans stands in for Arial, which the pages ask for.
  apt_install chromium fonts-liberation || true
  on_path && exit
fi

path=$(playwrights_own)
if ! starts "$path"; then
  echo "Downloading Playwright's Chromium for the browser tests" >&2
  if may_apt; then
    .venv/bin/playwright install --with-deps chromium >&2 || true
  else
    .venv/bin/playwright install chromium >&2 || true
  fi
fi
if starts "$path"; then
  printf '%s\n' "$path"
  exit
fi
echo "The browser tests need Chromium, and none could be installed." \
  "Install one, or name one in TRACKER_TEST_CHROMIUM." >&2
exit 1

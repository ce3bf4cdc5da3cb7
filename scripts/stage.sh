#!/usr/bin/env bash
# Runs one stage of the checks and says how long it took: stage.sh NAME COMMAND [ARGUMENT...]
set -uo pipefail
name=$1
shift
printf '\n== %s\n' "$name"
started=$SECONDS
"$@"
status=$?
if [ "$status" -eq 0 ]; then outcome=passed; else outcome=FAILED; fi
printf -- '-- %s %s in %d s\n' "$name" "$outcome" "$((SECONDS - started))"
exit "$status"

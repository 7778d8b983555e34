#!/bin/sh
# Run the checks beside the tests, which often wait. Needs scripts/setup.sh test.
set -eu
cd "$(dirname "$0")/.."

said=$(mktemp)
trap 'rm -f "$said"' EXIT
scripts/check.sh > "$said" 2>&1 &
has_failed=
scripts/test.sh || has_failed=yes
wait $! || has_failed=yes
cat "$said"
[ -z "$has_failed" ]

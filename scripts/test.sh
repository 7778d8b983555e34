#!/bin/sh
# Run all tests, or with arguments those that pytest makes of them. Needs scripts/setup.sh test.
set -eu
cd "$(dirname "$0")/.."
. scripts/bin.sh

if [ $# != 0 ]; then exec "$bin/python" -m pytest "$@"; fi
"$bin/python" -m pytest -n 2 --dist worksteal

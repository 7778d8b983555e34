#!/bin/sh
# Run all tests, or with arguments those that pytest makes of them. Needs scripts/setup.sh test.
set -eu
cd "$(dirname "$0")/.."
. scripts/bin.sh

if [ $# != 0 ]; then exec "$bin/python" -m pytest "$@"; fi
# Three processes on two cores: many tests wait for real programs rather than compute.
"$bin/python" -m pytest -n 3 --dist worksteal

#!/bin/sh
# Run all tests, or with arguments those that pytest makes of them. Needs scripts/setup.sh test.
set -eu
cd "$(dirname "$0")/.."
. scripts/bin.sh

if [ $# != 0 ]; then exec "$bin/python" -m pytest "$@"; fi
# Hundreds of programs are started and import the same modules, and pytest rewrites the assertions of
# all test modules: where Python may not store what it compiles, each process would do it again.
unset PYTHONDONTWRITEBYTECODE
"$bin/python" -m compileall -q granite_live
"$bin/python" -m pytest --collect-only -qq > /dev/null || true # what is wrong is said below
# Four processes on two cores: many tests wait for real programs rather than compute. A process takes
# a whole file, whose fixtures are made once.
"$bin/python" -m pytest -n 4 --dist loadfile --no-loadscope-reorder

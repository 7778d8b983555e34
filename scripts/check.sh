#!/bin/sh
# Check everything that can be known without running the program. Needs scripts/setup.sh test.
set -eu
cd "$(dirname "$0")/.."
. scripts/bin.sh

"$bin/ruff" check .
"$bin/ruff" format --check --quiet . || { "$bin/ruff" format --check .; exit 1; }
"$bin/mypy"
"$bin/lint-imports"

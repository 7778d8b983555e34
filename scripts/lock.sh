#!/bin/sh
# Write requirements/run.txt, test.txt and docs.txt from pyproject.toml, and setup.txt for uv: exact
# versions with checksums, one file for all supported systems and Python versions. Takes the newest
# versions that pyproject.toml allows; with an argument, only that package moves: scripts/lock.sh numpy
set -eu
cd "$(dirname "$0")/.."

venv=.venv-lock
[ -x $venv/bin/uv ] || { "${PYTHON:-python3}" -m venv $venv && $venv/bin/python -m pip install --quiet --require-hashes --requirement requirements/setup.txt; }

upgrade=--upgrade
[ $# = 0 ] || upgrade="--upgrade-package $1"
compile="$venv/bin/uv pip compile --quiet --universal --python-version 3.11
    --generate-hashes --no-emit-index-url --no-annotate --no-header $upgrade"
$compile pyproject.toml --extra server --output-file requirements/run.txt
$compile pyproject.toml --group dev --constraint requirements/run.txt --output-file requirements/test.txt
$compile --group docs --output-file requirements/docs.txt
echo uv | $compile - --output-file requirements/setup.txt

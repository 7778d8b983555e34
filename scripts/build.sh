#!/bin/sh
# Build the wheel and the source archive into dist/, then install the wheel into an empty
# environment and transcribe the sample with it, outside of the checkout.
set -eu
cd "$(dirname "$0")/.."

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

VENV=$work/build
"${PYTHON:-python3}" -m venv "$VENV"
. scripts/bin.sh
"$bin/python" -m pip install --quiet --disable-pip-version-check 'hatchling==1.28.0'
rm -f dist/granite_live-*.whl dist/granite_live-*.tar.gz
"$bin/python" -m hatchling build --directory dist --target sdist --target wheel

VENV=$work/trial
"${PYTHON:-python3}" -m venv "$VENV"
. scripts/bin.sh
"$bin/python" -m pip install --quiet --disable-pip-version-check dist/granite_live-*.whl
cd "$work"
GRANITE_LIVE_HOME=$work/home "$bin/granite-live" --version
GRANITE_LIVE_HOME=$work/home "$bin/granite-live" transcribe --quiet \
    "$root/assets/samples/welcome.flac" > text.txt
grep -q 'opened the window' text.txt || { echo "build: the text is wrong:"; cat text.txt; exit 1; }
ls -l "$root"/dist/granite_live-*

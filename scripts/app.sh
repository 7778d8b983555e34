#!/bin/sh
# Build the stand-alone program into dist/granite-live, and transcribe the sample with it.
# Needs scripts/setup.sh run; on Linux also binutils and a C compiler, to make it smaller.
set -eu
cd "$(dirname "$0")/.."
. scripts/bin.sh

"$bin/python" -m pip install --quiet --disable-pip-version-check 'pyinstaller==6.22.3'
# The order in sets decides that of the modules in archives: a fixed one gives the same bytes again.
PYTHONHASHSEED=0 "$bin/python" -m PyInstaller --noconfirm --log-level WARN packaging/pyinstaller/granite-live.spec

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GRANITE_LIVE_HOME=$work/home dist/granite-live/granite-live --version
GRANITE_LIVE_HOME=$work/home dist/granite-live/granite-live transcribe --quiet \
    assets/samples/welcome.flac > "$work/text.txt"
grep -q 'opened the window' "$work/text.txt" ||
    { echo "app: the text is wrong:"; cat "$work/text.txt"; exit 1; }
du -sh dist/granite-live

#!/bin/sh
# Build the stand-alone program into dist/granite-live, transcribe the sample with it, and with
# `--archive` pack it into dist/granite-live-VERSION-SYSTEM-MACHINE.tar.gz; on Linux the archive has
# an installer, and there is a Debian package beside it.
# Needs scripts/setup.sh run.
set -eu
cd "$(dirname "$0")/.."
. scripts/bin.sh

"$bin/python" -m pip install --quiet --disable-pip-version-check 'pyinstaller==6.22.3'
"$bin/python" -m PyInstaller --noconfirm --log-level WARN packaging/pyinstaller/granite-live.spec

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GRANITE_LIVE_HOME=$work/home dist/granite-live/granite-live --version
GRANITE_LIVE_HOME=$work/home dist/granite-live/granite-live transcribe --quiet \
    assets/samples/welcome.flac > "$work/text.txt"
grep -q 'opened the window' "$work/text.txt" ||
    { echo "app: the text is wrong:"; cat "$work/text.txt"; exit 1; }
du -sh dist/granite-live

[ "${1:-}" = --archive ] || exit 0
if [ "$(uname)" = Linux ]; then
    "$bin/python" packaging/linux/build.py
else
    name=$("$bin/python" -c 'import platform, granite_live as g
print(f"granite-live-{g.__version__}-{platform.system()}-{platform.machine()}".lower())')
    # On macOS the bundle, with its name in the Finder and its question for the microphone.
    packed=granite-live
    [ ! -d "dist/Granite Live.app" ] || packed="Granite Live.app"
    tar -czf "dist/$name.tar.gz" -C dist "$packed"
    ls -l "dist/$name.tar.gz"
fi

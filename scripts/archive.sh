#!/bin/sh
# Pack the stand-alone program into dist/granite-live-VERSION-SYSTEM-MACHINE.tar.gz. On Linux the
# archive has an installer, and there is a Debian package beside it.
# Needs scripts/app.sh.
set -eu
cd "$(dirname "$0")/.."
. scripts/bin.sh

if [ "$(uname)" = Linux ]; then
    exec "$bin/python" packaging/linux/build.py
fi
name=$("$bin/python" -c 'import platform, granite_live as g
print(f"granite-live-{g.__version__}-{platform.system()}-{platform.machine()}".lower())')
# On macOS the bundle, with its name in the Finder and its question for the microphone.
packed=granite-live
[ ! -d "dist/Granite Live.app" ] || packed="Granite Live.app"
tar -czf "dist/$name.tar.gz" -C dist "$packed"
ls -l "dist/$name.tar.gz"

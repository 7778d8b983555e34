#!/bin/sh
# Build all packages that this system can build, into dist/: the wheel, the source archive, the
# stand-alone program, its archive, and on Linux the archive's installer and a Debian package.
# Each is tried as far as that needs no installation. Needs scripts/setup.sh run.
set -eu
cd "$(dirname "$0")/.."

scripts/build.sh
scripts/app.sh
scripts/archive.sh

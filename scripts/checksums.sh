#!/bin/sh
# Write SHA256SUMS for the files of a release: scripts/checksums.sh FOLDER
set -eu
cd "$1"
rm -f SHA256SUMS
if command -v sha256sum > /dev/null; then sums=$(sha256sum -- *); else sums=$(shasum -a 256 -- *); fi
printf '%s\n' "$sums" | tee SHA256SUMS

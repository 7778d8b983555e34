#!/bin/sh
# Print the changelog's section of a release: scripts/release_notes.sh v0.1.0
# Fails if the tag is not the program's version, or the changelog does not have it.
set -eu
cd "$(dirname "$0")/.."

version=${1#v}
grep -q "^__version__ = \"$version\"$" granite_live/__init__.py ||
    { echo "release: granite_live/__init__.py is not version $version" >&2; exit 1; }
notes=$(awk -v title="## $version " '
    index($0, title) == 1 { inside = 1; next }
    /^## / { inside = 0 }
    inside' CHANGELOG.md)
[ -n "$notes" ] || { echo "release: CHANGELOG.md has no section $version" >&2; exit 1; }
printf '%s\n' "$notes"

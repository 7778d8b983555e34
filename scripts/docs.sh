#!/bin/sh
# Build the documents as a site into build/site. A warning, as of a broken link, is an error.
# Arguments go to mkdocs: scripts/docs.sh serve (never --quiet: with it, MkDocs counts no warnings)
set -eu
cd "$(dirname "$0")/.."

venv=.venv-docs
stamp=$venv/.stamp
contents=$(cksum < requirements/docs.txt)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$contents" ]; then
    "${PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes --requirement requirements/docs.txt
    printf '%s' "$contents" > "$stamp"
fi
[ $# != 0 ] || set -- build --strict
# The theme would print an advertisement for its successor.
NO_MKDOCS_2_WARNING=1 exec "$venv/bin/mkdocs" "$@"

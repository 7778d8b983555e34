#!/bin/sh
# Run the tests on every supported Python that is found, each in a virtual environment of its own.
# Arguments go to pytest: scripts/test_pythons.sh tests/audio
set -eu
cd "$(dirname "$0")/.."

# pyenv's stand-ins for interpreters fail unless that version is selected: prefer its own folders.
find_python() {
    for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python "python$1"; do
        if "$candidate" -c 'import venv, ensurepip' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

failed=
for version in 3.11 3.12 3.13; do
    python=$(find_python $version)
    if [ -z "$python" ]; then
        echo "Python $version was not found here: not tested."
        continue
    fi
    echo "== Python $version ($python)"
    PYTHON=$python VENV=.venv-$version scripts/setup.sh test
    VENV=.venv-$version scripts/test.sh "$@" || failed="$failed $version"
done
[ -z "$failed" ] || { echo "Tests failed on Python$failed"; exit 1; }

#!/bin/sh
# Make .venv and install the project into it. Quick when nothing changed: the
# stamp holds the checksum of what decides the contents of the environment.
set -eu
cd "$(dirname "$0")/.."

fail() { printf 'setup: %s\n' "$1" >&2; exit 1; }

python=
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "needs Python 3.11, 3.12 or 3.13 on the PATH (or in PYTHON=/path/to/python); found: $(python3 --version 2>&1 || true)"

want="$(cat pyproject.toml scripts/setup.sh | cksum) $("$python" --version)"
stamp=.venv/.stamp
[ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ] && exit 0

# What pip does not bring: PortAudio and its way to the sound server, to record at all; what Qt draws
# a window with, and a typeface to write in; for the tests a sound server, a screen in memory with a
# window manager and a compositor, a typist, a terminal and another toolkit's text field. Without them
# everything else works, so this never fails.
missing=
if command -v dpkg-query >/dev/null; then
    for package in libportaudio2 libasound2-plugins \
        libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libgssapi-krb5-2 \
        libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0 \
        libwayland-cursor0 fonts-inter \
        pulseaudio pulseaudio-utils xvfb xdotool openbox xcompmgr x11-xserver-utils xterm \
        python3-gi gir1.2-gtk-3.0; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing="$missing $package"
    done
fi
if [ -n "$missing" ]; then
    install="apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "setup: installing$missing" >&2
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null; } ||
            echo "setup: that failed; recording, the window and their tests need: $install" >&2
    else
        echo "setup: recording, the window and their tests need: sudo $install" >&2
    fi
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv
    else
        fail "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"
    fi
fi

echo "setup: installing into .venv (a minute or two, once)" >&2
rm -f "$stamp"
"$python" -m venv --clear .venv
# --group needs pip 25.1; Debian 12 ships an older one.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
printf '%s' "$want" > "$stamp"

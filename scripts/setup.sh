#!/bin/sh
# Make a virtual environment and install the project into it.
#
#   scripts/setup.sh run     what the program needs
#   scripts/setup.sh test    that, and what the checks and tests need
#
# PYTHON chooses the interpreter, VENV the folder (.venv). A run that finds nothing to do
# takes a moment: the stamp in the environment holds a checksum of what decides its contents.
#
# On Debian and Ubuntu it also names the system packages that are missing. It installs them if
# GRANITE_LIVE_SETUP is "yes", or if the user agrees on a terminal; as root also without a terminal.
set -eu
cd "$(dirname "$0")/.."

fail() { printf 'setup: %s\n' "$1" >&2; exit 1; }

purpose=${1:-run}
case $purpose in run | test) ;; *) fail "give 'run' or 'test', not '$purpose'" ;; esac
venv=${VENV:-.venv}

# The system's own Python goes before another on the PATH: distributions build it to be fast, version
# managers often do not. One that can make environments goes before one that cannot.
python=
for candidate in ${PYTHON:-/usr/bin/python3 python3 python3.13 python3.12 python3.11}; do
    "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || continue
    python=${python:-$candidate}
    if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "needs Python 3.11, 3.12 or 3.13 on the PATH (or in PYTHON=/path/to/python); found: $(python3 --version 2>&1 || true)"

contents="$(cat pyproject.toml requirements/run.txt requirements/test.txt scripts/setup.sh | cksum) $("$python" --version)"
stamp=$venv/.stamp
done_for=$(cat "$stamp" 2>/dev/null || true)
is_current=
case $done_for in "$contents test" | "$contents $purpose") is_current=yes ;; esac
[ -z "$is_current" ] || [ "${GRANITE_LIVE_SETUP:-}" = yes ] || exit 0

installed=$(dpkg-query -W -f='${Package}:${db:Status-Status} ' 2>/dev/null || true)

is_installed() { case " $installed" in *" $1:installed "*) ;; *) return 1 ;; esac; }

# Print the Debian packages that pip does not bring. PipeWire brings its own way from ALSA and its
# own PulseAudio server, and Debian removes it to make room for PulseAudio: where PipeWire is, no
# package of PulseAudio's is asked for, and the tests that start a PulseAudio server are skipped.
system_packages() {
    # To record, and to draw a window with text in it.
    echo libportaudio2 \
        libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libgssapi-krb5-2 libglib2.0-0 \
        libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0 \
        libwayland-cursor0 fonts-inter
    has_pipewire=
    for package in pipewire pipewire-alsa pipewire-pulse pipewire-audio; do
        if is_installed "$package"; then has_pipewire=yes; fi
    done
    is_installed pipewire-alsa || echo libasound2-plugins
    [ "$purpose" = test ] || return 0
    # A sound server, a screen in memory with a window manager and a compositor, a program that
    # types, a terminal, a text field of another toolkit, a watch over system calls, and a bus.
    [ -n "$has_pipewire" ] || echo pulseaudio pulseaudio-utils
    echo xvfb xdotool openbox xcompmgr x11-xserver-utils xterm strace python3-gi gir1.2-gtk-3.0 \
        dbus-daemon
}

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

# Return whether to run an installing command now.
may_install() {
    command -v apt-get >/dev/null || return 1
    [ -z "$sudo" ] || command -v sudo >/dev/null || return 1
    [ "${GRANITE_LIVE_SETUP:-}" != yes ] || return 0
    if [ ! -t 0 ] || [ ! -t 2 ]; then [ -z "$sudo" ]; return; fi
    printf 'setup: system packages are missing. Run "%s"? [Y/n] ' "${sudo:+sudo }$1" >&2
    read -r answer || answer=n
    case $answer in [nN]*) return 1 ;; esac
}

# Without these packages everything else works, so this step never fails. It goes on in the
# background while the environment is made; the script ends with it.
trap wait EXIT
if command -v dpkg-query >/dev/null; then
    missing=
    for package in $(system_packages); do
        is_installed "$package" || missing="$missing $package"
    done
    if [ -n "$missing" ]; then
        # --no-remove: nothing of the user's ever goes to make room.
        install="apt-get install -y --no-remove --no-install-recommends$missing"
        [ "$purpose" = run ] && needed_by="recording and the window" || needed_by="recording, the window and their tests"
        if may_install "$install"; then
            echo "setup: installing$missing" >&2
            [ -z "$sudo" ] || sudo true # asks for the password now
            {
                { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null; } ||
                    echo "setup: that failed; $needed_by need: $sudo $install" >&2
            } &
        else
            echo "setup: $needed_by need: sudo $install" >&2
        fi
    fi
fi

[ -z "$is_current" ] || exit 0

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    wait # apt-get runs once at a time
    if may_install "apt-get install python3-venv"; then
        $sudo apt-get update -qq &&
            $sudo apt-get install -y -qq --no-remove --no-install-recommends python3-venv
    else
        fail "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"
    fi
fi

# uv installs several times as fast as pip, and makes an environment in a moment. It does not know
# pip's settings (an index of a company, a certificate), so Python's own means are used where uv
# cannot be had or reaches no index.
uv=$(mktemp -d)
trap 'rm -rf "$uv"; wait' EXIT

# Get uv with the pip of the given Python.
get_uv() {
    "$1" -m pip --quiet --disable-pip-version-check install --target "$uv" --only-binary :all: \
        --require-hashes --requirement requirements/setup.txt 2>/dev/null
}

run_uv() { UV_HTTP_TIMEOUT=15 UV_HTTP_RETRIES=1 "$uv/bin/uv" "$@" 2>/dev/null; }

install() {
    run_uv pip install --quiet --python "$bin/python" "$@" ||
        "$bin/python" -m pip --quiet --disable-pip-version-check install "$@"
}

rm -f "$stamp"
if [ "$done_for" = "$contents run" ]; then
    echo "setup: installing what the tests need into $venv" >&2
else
    echo "setup: installing into $venv (a minute or two, once)" >&2
    get_uv "$python" && run_uv venv --quiet --seed --clear --python "$python" "$venv" ||
        "$python" -m venv --clear "$venv"
fi
. scripts/bin.sh
[ -x "$uv/bin/uv" ] || get_uv "$bin/python" || true
if [ "$done_for" != "$contents run" ]; then
    install --require-hashes --requirement requirements/run.txt
    install --no-deps --editable .
fi
[ "$purpose" = run ] || install --require-hashes --requirement requirements/test.txt
printf '%s' "$contents $purpose" > "$stamp"

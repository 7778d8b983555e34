#!/bin/sh
# Run tests of commands, the real window, a microphone and a speaker with the stand-alone program in
# dist/granite-live, or with the program given: scripts/try_app.sh /usr/bin/granite-live
# Takes some minutes. Needs scripts/setup.sh test.
set -eu
cd "$(dirname "$0")/.."
. scripts/bin.sh

export GRANITE_LIVE_PROGRAM="${1:-dist/granite-live/granite-live}"
exec "$bin/python" -m pytest -m "soak or not soak" \
    tests/end_to_end/test_command_line.py tests/end_to_end/test_listen.py \
    tests/end_to_end/test_transcribe_command.py tests/end_to_end/test_transcribe_files.py \
    tests/end_to_end/test_real_window.py \
    --deselect tests/end_to_end/test_real_window.py::test_the_window_closes_in_time

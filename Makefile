# Two commands need nothing prepared: `make run` and `make test`.
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
export VENV

.PHONY: run test check setup setup-run setup-system test-pythons lock build app package screenshots translations reference docs bench soak clean

# The window; where there is no display, the sample recording as captions with their times.
run: setup-run
	@if $(BIN)/python -c 'import sys; from granite_live import launch; sys.exit(not launch.can_open_window())'; \
	then $(BIN)/granite-live window; \
	else $(BIN)/granite-live transcribe assets/samples/welcome.flac --format srt; fi

test: setup
	@scripts/check_and_test.sh

# Everything that can be known without running the program.
check: setup
	@scripts/check.sh

# The wheel and the source archive in dist/, tried in an empty environment.
build:
	@scripts/build.sh

# A folder with the program, its Python and its libraries: dist/granite-live.
app: setup-run
	@scripts/app.sh

# All packages that can be built here, in dist/: wheel, source archive, stand-alone program, its
# archive with an installer, Debian package.
package: setup-run
	@scripts/package.sh

# Every window and state as a picture, into docs/screenshots.
screenshots: setup
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tools/screenshots/take.py

# What the window says into assets/translations; says what is left to translate there.
translations: setup
	@$(BIN)/python tools/translations/update.py

# The command reference, the manual page and the shell completions, from the commands themselves.
reference: setup
	@$(BIN)/python tools/command_line/update.py

# The documents as a site, in build/site; a warning is an error.
docs: reference
	@scripts/docs.sh

bench: setup
	@for b in benchmarks/bench_*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

# What takes minutes, most of it in real time. One of them alone, at a tenth of its length:
#   .venv/bin/python -m pytest -m soak tests/soak/test_latency.py --scale 0.1
soak: setup
	@$(BIN)/python -m pytest -m soak
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile thorough -n 2

# The tests on Python 3.11, 3.12 and 3.13, as far as they are found.
test-pythons:
	@scripts/test_pythons.sh

# requirements/*.txt anew, with the newest versions that pyproject.toml allows.
lock:
	@scripts/lock.sh

setup:
	@scripts/setup.sh test

setup-run:
	@scripts/setup.sh run

# The same as setup, and the system packages that are missing, without a question.
setup-system:
	@GRANITE_LIVE_SETUP=yes scripts/setup.sh test

clean:
	rm -rf .venv .venv-* build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

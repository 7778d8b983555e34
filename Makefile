# Two commands need nothing prepared: `make run` and `make test`.
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
export VENV

.PHONY: run test check setup setup-run test-pythons lock app screenshots translations reference docs bench soak clean

# The window; where there is no display, the sample recording as captions with their times.
run: setup-run
	@if $(BIN)/python -c 'import sys; from granite_live import launch; sys.exit(not launch.can_open_window())'; \
	then $(BIN)/granite-live window; \
	else $(BIN)/granite-live transcribe assets/samples/welcome.flac --format srt; fi

# Real programs in real time come last, alone: on a busy machine they would be late.
test: check
	@$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/end_to_end
	@$(BIN)/python -m pytest tests/end_to_end

# Everything that can be known without running the program.
check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# A folder with the program, its Python and its libraries: dist/granite-live.
app: setup-run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pyinstaller==6.22.3'
	@$(BIN)/python -m PyInstaller --noconfirm --log-level WARN packaging/pyinstaller/granite-live.spec

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
	@$(BIN)/python -m pytest -m soak tests/soak

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

clean:
	rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .import_linter_cache

"""Every number option has a range, and its help states the range."""

from __future__ import annotations

import re

import pytest
from helpers.messages import shows

from granite_live.cli.main import run
from granite_live.messages.settings import SettingsMessage
from granite_live.settings import Settings
from granite_live.util.process import allowed_cpus

CORES = len(allowed_cpus())


@pytest.mark.parametrize("threads", ["0", "-1", str(CORES + 1), "100000", "9" * 20, "1.5", "two"])
@pytest.mark.parametrize("command", ["transcribe x.wav", "listen", "recover", "bench"])
def test_threads_are_as_many_as_logical_cores(
    command: str, threads: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command.split(), "--threads", threads]) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    expected = f"is not a whole number of threads from 1 to {CORES}."
    assert told == f"Error: Invalid value for '--threads': '{threads}' {expected}"


@pytest.mark.parametrize("command", ["transcribe", "listen", "recover", "bench"])
def test_the_help_says_the_range(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"1 to {CORES}, the number of logical cores here" in shown
    if command == "listen":
        assert "0.1 to 604,800" in shown


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "0", "604801", "soon", "9" * 400])
def test_seconds_are_a_week_at_most(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["listen", "--seconds", seconds]) == 2
    assert "a number of seconds from 0.1 to 604,800" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "0", "4.9", "601", "long", ""])
def test_parts_are_ten_minutes_at_most(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["transcribe", "x.wav", "--no-segmentation", "--part-seconds", seconds]
    assert run(command) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    expected = f"'{seconds}' is not a number of seconds from 5 to 600."
    assert told == f"Error: Invalid value for '--part-seconds': {expected}"


@pytest.mark.parametrize("days", ["0-days", "-1-days", "100000-days", "nan-days", "30", ""])
def test_days_have_a_range(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settings", "keep", "--", days]) == 2
    assert shows(capsys.readouterr().err, SettingsMessage.BAD_RETENTION)


@pytest.mark.parametrize("seconds", ["nan", "inf", "0", "3601", ",", ",".join(["1"] * 21)])
def test_lengths_to_measure(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "--seconds", seconds]) == 2
    assert "between 0.1 and 3600 seconds" in capsys.readouterr().err


def test_the_help_of_settings_says_the_range_of_each_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["settings", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for name in Settings.names():
        usual = getattr(Settings(), name)
        if isinstance(usual, int | float) and not isinstance(usual, bool):
            assert run(["settings", name, "1e99"]) == 2
            told = capsys.readouterr().err
            found = re.search(r"from (\S+) to (\S+)\.$", told.strip())
            assert found is not None, told
            assert f"{found[1]} to {found[2]}" in shown.partition(name)[2].split(".")[0]

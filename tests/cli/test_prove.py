"""`prove` as a table, as JSON, as a chart, and its conclusion."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.segment_sounds import read
from helpers.speech_scenes import write

from granite_live.app.comparison import Candidate
from granite_live.app.comparison.measuring import HeardRecording, KnownRecording, Measurement
from granite_live.app.comparison.results import ComparedModel, sum_up
from granite_live.cli.main import run
from granite_live.cli.prove import show
from granite_live.util.paths import assets_dir

SAMPLES = assets_dir() / "samples"
INT8 = Candidate("/models/one two", "m", "int8", "published")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    write(folder / "a.wav", read(SAMPLES / "welcome.flac")[: 4 * 16_000])
    (folder / "a.txt").write_text("I opened the window this morning", "utf-8")
    (folder / "b.wav").write_bytes((SAMPLES / "quiet.flac").read_bytes())
    (folder / "b.txt").write_text("", "utf-8")
    return folder


def test_two_tiers_as_json_with_a_chart(
    bundle_dir: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "chart.svg"
    asked = ["--bundle", str(bundle_dir), "--folder", str(folder), "--chart", str(chart)]
    assert run(["prove", *asked, "--json"]) == 0
    told = capsys.readouterr()
    rows = json.loads(told.out)
    assert [(row["tier"], row["graphs"], row["editing_passes"]) for row in rows] == [
        (tier, "published", 1) for tier in ("fp32", "fp16w", "int8")
    ]
    for row in rows:
        assert row["words"] == 6
        assert row["error_rate"]["low"] <= row["error_rate"]["rate"] <= row["error_rate"]["high"]
        assert row["words_in_silence"] == 0
        assert row["silence_s"] == pytest.approx(5.0, abs=0.01)
    assert rows[0]["changed"] is None
    assert rows[2]["changed"] > 0
    assert chart.read_text("utf-8").startswith("<svg")
    assert told.err.count("%  bundle ") == 3


def test_a_wrong_number_of_passes_and_an_unwritable_chart_are_one_line(
    bundle_dir: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["prove", "--editing-passes", "0,1"]) == 2
    assert "'0,1' are not whole numbers from 1 to 20" in capsys.readouterr().err
    asked = ["--bundle", str(bundle_dir), "--tier", "fp32", "--folder", str(folder), "--quiet"]
    assert run(["prove", *asked, "--chart", str(tmp_path / "no" / "chart.svg")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "chart.svg" in line


def heard(*texts: str) -> Measurement:
    recordings = tuple(HeardRecording(one, 10.0, (0.5,)) for one in texts)
    return Measurement(1.0, 100.0, ("CPU",), (), recordings)


def shown(rows: list[ComparedModel]) -> list[str]:
    out = io.StringIO()
    show(rows, out, as_json=False)
    return out.getvalue().splitlines()


def test_the_conclusion_says_how_to_use_the_best_and_what_may_be_chance() -> None:
    said = [KnownRecording(f"/{k}.wav", "one two three four") for k in range(12)]
    right = ["one two three four"] * 12
    slip = ["one two three", *right[1:]]
    wrong = ["one two too many"] * 12
    prepared = replace(INT8, graphs="prepared")
    fp32 = replace(INT8, tier="fp32", editing_passes=2)
    rows = sum_up({INT8: heard(*slip), prepared: heard(*right), fp32: heard(*wrong)}, said)
    lines = shown(rows)
    assert "48 words in 12 recordings." in lines
    assert "m int8 prepared has the fewest wrong words." in lines
    assert "That it is better than m int8 published may be chance." in lines
    assert "    granite-live settings model_path '/models/one two'" in lines
    assert "    granite-live settings tier int8" in lines


def test_the_published_form_cannot_be_chosen_where_a_prepared_one_exists() -> None:
    said = [KnownRecording("/1.wav", "one"), KnownRecording("/2.wav", "two")]
    prepared = replace(INT8, graphs="prepared")
    lines = shown(sum_up({INT8: heard("one", "two"), prepared: heard("won", "too")}, said))
    assert "m int8 published has the fewest wrong words." in lines
    assert not any("granite-live settings" in line for line in lines)
    assert "These are few recordings, so the intervals say little." in lines


def test_silence_alone_has_no_rate() -> None:
    (row,) = sum_up({INT8: heard("hm")}, [KnownRecording("/1.wav", "")])
    assert shown([row])[-1] == "Nothing was said in these recordings, so no words can be wrong."
    assert "0.50 s" in shown([row])[1]


def test_equal_forms_are_told_apart_by_their_speed() -> None:
    said = [KnownRecording("/1.wav", "one"), KnownRecording("/2.wav", "two")]
    slow = replace(INT8, editing_passes=2)
    late = Measurement(
        1.0,
        9.0,
        ("CPU",),
        (),
        tuple(replace(h, utterances_s=(2.0,)) for h in heard("one", "two").heard),
    )
    lines = shown(sum_up({slow: late, INT8: heard("one", "two")}, said))
    assert (
        "m int8 published has as few wrong words as m int8 published, 2 passes; it is faster."
        in lines
    )
    assert not any("chance" in line for line in lines)

"""Models compared on recordings with known text; the tests' models have random weights."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from helpers.messages import shows
from helpers.prepared_recognizers import PutPrepared
from helpers.segment_sounds import read
from helpers.speech_scenes import write

from granite_live.app.comparison import Candidate
from granite_live.app.comparison.candidates import find_candidates, find_models
from granite_live.app.comparison.chart import draw
from granite_live.app.comparison.measuring import (
    HeardRecording,
    KnownRecording,
    Measurement,
    corrected_lines,
    folder_recordings,
    sample_recordings,
)
from granite_live.app.comparison.results import (
    ComparisonTask,
    best_of,
    conclude,
    is_difference_clear,
    sum_up,
)
from granite_live.app.library_sync import sync_library
from granite_live.app.subprocess_task import TaskStoppedError
from granite_live.cli.main import run
from granite_live.library import Library, SessionPart
from granite_live.messages.models import ComparisonMessage
from granite_live.util.errors import GraniteError
from granite_live.util.paths import assets_dir

SAMPLES = assets_dir() / "samples"
FP32 = Candidate("/m", "m", "fp32", "published")


def heard(*texts: str, problem: str = "") -> Measurement:
    recordings = tuple(HeardRecording(one, 10.0, (0.5,), problem) for one in texts)
    return Measurement(1.0, 100.0, ("CPU",), (), recordings)


def known(*texts: str) -> list[KnownRecording]:
    return [KnownRecording(f"/{k}.wav", one) for k, one in enumerate(texts)]


def test_the_samples_are_compared_among_them_one_of_silence() -> None:
    found = sample_recordings()
    assert {Path(one.path).name for one in found} == {
        "conversation.flac", "quiet.flac", "welcome.flac"
    }  # fmt: skip
    assert [one.text for one in found if one.path.endswith("quiet.flac")] == [""]


def test_a_folder_gives_the_recordings_that_have_a_text(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "quiet.flac", tmp_path / "talk.flac")
    shutil.copy(SAMPLES / "quiet.flac", tmp_path / "other.flac")
    (tmp_path / "talk.txt").write_text("\ufeffGood morning.", "utf-8")
    assert folder_recordings(tmp_path) == [
        KnownRecording(str(tmp_path / "talk.flac"), "Good morning.")
    ]
    (tmp_path / "talk.txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(GraniteError) as caught:
        folder_recordings(tmp_path)
    assert shows(str(caught.value), ComparisonMessage.TEXT_NOT_UTF8)


def test_a_folder_without_pairs_or_without_itself_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(GraniteError) as caught:
        folder_recordings(tmp_path)
    assert shows(str(caught.value), ComparisonMessage.NO_PAIRS)
    with pytest.raises(GraniteError) as caught:
        folder_recordings(tmp_path / "nothing")
    assert shows(str(caught.value), ComparisonMessage.FOLDER_UNREADABLE)


def test_only_corrected_lines_with_sound_are_the_truth(
    bundle_dir: Path, two_sentences: Path
) -> None:
    assert run(["listen", "--source", str(two_sentences), "--bundle", str(bundle_dir)]) == 0
    with Library.open() as library:
        sync_library(library)
        with pytest.raises(GraniteError) as caught:
            corrected_lines(library)
        assert shows(str(caught.value), ComparisonMessage.NO_CORRECTED_LINES)
        (session,) = library.sessions()
        first, second = library.utterances(session.id)
        library.edit_text(second.id, "After breakfast it stopped.")
        (line,) = corrected_lines(library)
        assert line.text == "After breakfast it stopped."
        assert sum(map(len, line.blocks(16_000))) == round(16_000 * line.end_s) - round(
            16_000 * line.start_s
        )
        assert line.start_s >= first.end_s
        library.delete_session(session.id, SessionPart.SOUND)
        with pytest.raises(GraniteError):
            corrected_lines(library)


def test_a_tier_is_compared_as_published_and_as_prepared(put_prepared: PutPrepared) -> None:
    path = put_prepared("int8").path
    found = find_candidates(find_models([path], "int8", "cpu"), (1, 2))
    assert [(one.graphs, one.editing_passes) for one in found] == [
        ("published", 1), ("published", 2), ("prepared", 1), ("prepared", 2)
    ]  # fmt: skip
    published, prepared = found[0], found[2]
    assert prepared.is_used_by_sessions(found)
    assert not published.is_used_by_sessions(found)
    assert published.is_used_by_sessions([published])


def test_the_demo_is_compared_only_if_nothing_else_is_there(bundle_dir: Path) -> None:
    assert {one.is_demo for one in find_models(provider="cpu")} == {True}
    assert [one.tier for one in find_models([bundle_dir], "fp32", "cpu")] == ["fp32"]
    with pytest.raises(GraniteError) as caught:
        find_models([], "fp16w", "cpu")
    assert shows(str(caught.value), ComparisonMessage.NO_SUCH_TIER)


def test_errors_changes_and_words_in_silence_are_counted() -> None:
    int8 = replace(FP32, tier="int8")
    recordings = known("one two three", "four five", "")
    rows = sum_up(
        {
            FP32: heard("One two three.", "four five", ""),
            int8: heard("one too three", "four five six", "hm"),
        },
        recordings,
    )
    exact, small = rows
    assert exact.errors == (0, 0)
    assert (exact.changed, exact.words, exact.words_in_silence) == (None, 5, 0)
    assert small.errors == (1, 1)
    assert small.error_rate is not None
    assert small.error_rate.rate == pytest.approx(2 / 5)
    assert small.changed == pytest.approx(3 / 5)
    assert (small.words_in_silence, small.silence_s) == (1, 10.0)
    assert small.real_time_factor == pytest.approx(0.05)
    assert small.text_after_s == 0.5
    assert best_of(rows) is exact
    assert not is_difference_clear(exact, exact)
    found = conclude(rows)
    assert found is not None
    # It is better in every recording.
    assert (found.best, found.equal, found.unclear, found.is_small) == (exact, (), (), True)


def test_a_recording_that_cannot_be_read_counts_for_nobody() -> None:
    (row,) = sum_up({FP32: heard("", problem="It is damaged.")}, known("one two"))
    assert row.words == 0
    assert row.error_rate is None
    assert row.problems == ("It is damaged.",)
    assert best_of([row]) is None


def test_the_chart_is_a_picture_with_a_bar_for_each_form() -> None:
    other = replace(FP32, name="<m> & n", editing_passes=2)
    rows = sum_up({FP32: heard("one"), other: heard("one more")}, known("one two"))
    picture = ElementTree.fromstring(draw(rows))
    texts = [one.text or "" for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "m fp32 published" in texts
    assert "<m> & n fp32 published, 2 passes" in texts
    assert any(text.startswith("50.0%") for text in texts)
    bars = list(picture.iter("{http://www.w3.org/2000/svg}rect"))
    assert len(bars) == 1 + len(rows)


def test_each_form_runs_in_a_process_of_its_own_and_tells_its_progress(
    bundle_dir: Path, tmp_path: Path
) -> None:
    short = tmp_path / "short.wav"
    write(short, read(SAMPLES / "welcome.flac")[: 4 * 16_000])
    recordings = [
        KnownRecording(str(short), "I opened"),
        KnownRecording(str(tmp_path / "gone"), "x"),
    ]
    candidates = find_candidates(find_models([bundle_dir], "fp32", "cpu"))
    told: list[tuple[Candidate, float]] = []
    (row,) = ComparisonTask(candidates, recordings).run(lambda *now: told.append(now))
    assert told == [(candidates[0], share) for share in (0.0, 0.5, 1.0)]
    assert row.peak_mb > 50
    assert row.load_s > 0
    assert row.ran_on == ("CPUExecutionProvider",)
    assert len(row.errors) == 1
    assert len(row.problems) == 1
    assert "gone" in row.problems[0]


def test_a_stop_ends_it(bundle_dir: Path) -> None:
    task = ComparisonTask(
        find_candidates(find_models([bundle_dir], "fp32", "cpu")), sample_recordings()
    )
    with pytest.raises(TaskStoppedError):
        task.run(lambda _running, _share: task.stop())

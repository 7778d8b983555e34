"""`transcribe_files` with a fake model that records its calls: request in, exit code out."""

from __future__ import annotations

import errno
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import shows
from helpers.model_fakes import AlwaysSpeechDetector, FakeRecognizer, all_speech, make_model_info
from helpers.transcribe_runs import RATE_HZ, recording, run
from numpy.typing import NDArray

from granite_live.cli.batch import transcribe_files
from granite_live.cli.recordings import Recording
from granite_live.cli.results import StreamResultWriter
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.messages.recording import RecordingMessage
from granite_live.transcript.export.options import PRESETS, ExportOptions
from granite_live.transcript.polish import Polish
from granite_live.util.errors import BundleError, OutputError, ProviderError
from granite_live.vad.events import SegmenterSettings
from granite_live.vad.segmenter import Segmenter

PHONE_WORDS = ExportOptions(PRESETS["phone"], word_times=True)
UTTERANCE_MS = SegmenterSettings().max_utterance_ms


class Scripted(AlwaysSpeechDetector):
    """Voice detector with scripted probabilities; it repeats the last one."""

    def __init__(self, script: list[float]) -> None:
        self._script = script

    def probability(self, frame: NDArray[np.float32]) -> float:
        return self._script.pop(0) if len(self._script) > 1 else self._script[0]


def no_text(_call: int, _waveform: NDArray[np.float32]) -> str:
    return ""


def test_one_file_to_standard_output(tmp_path: Path) -> None:
    recognizer = FakeRecognizer()
    done = run(recording(tmp_path / "a.wav", 2.0), recognizer=recognizer)
    assert (done.code, done.out) == (0, "part 1\n")
    assert done.err == "Running int8 on cpu, 2 threads.\n"
    assert [len(waveform) for waveform in recognizer.waveforms] == [2 * RATE_HZ]
    assert recognizer.is_closed


def test_subtitles_follow_the_requested_rules_and_word_times(tmp_path: Path) -> None:
    """Subtitles for phones are shown for 3.5 seconds at most, so these words become two."""
    for length_s, wanted in ((3.0, ["part <00:00:01.500>1"]), (4.0, ["part", "1"])):
        path = recording(tmp_path / "a.wav", length_s)
        done = run(path, recognizer=FakeRecognizer(), format_name="vtt", export=PHONE_WORDS)
        texts = [block.splitlines()[1] for block in done.out.split("\n\n")[1:]]
        assert (done.code, texts) == (0, wanted)


def test_any_rate_and_channels_reach_the_model_as_it_wants_them(tmp_path: Path) -> None:
    recognizer = FakeRecognizer()
    path = recording(tmp_path / "a.wav", 1.5, channels=2, rate_hz=44_100)
    run(path, recognizer=recognizer)
    (waveform,) = recognizer.waveforms
    assert waveform.dtype == np.float32
    assert len(waveform) == round(1.5 * RATE_HZ)


def test_long_speech_is_cut_and_times_count_from_the_start_of_the_file(tmp_path: Path) -> None:
    recognizer = FakeRecognizer()
    done = run(recording(tmp_path / "a.wav", 70.0), recognizer=recognizer, format_name="json")
    lengths = [len(waveform) for waveform in recognizer.waveforms]
    assert sum(lengths) == 70 * RATE_HZ
    assert max(lengths) <= UTTERANCE_MS * RATE_HZ // 1000
    data = json.loads(done.out)
    assert data["audio"]["duration_s"] == 70.0
    starts = np.cumsum([0, *lengths[:-1]]) / RATE_HZ
    assert [u["start_s"] for u in data["utterances"]] == pytest.approx(list(starts), abs=1e-3)
    assert data["utterances"][-1]["end_s"] == 70.0
    assert data["utterances"][-1]["words"][0]["start_s"] == pytest.approx(starts[-1], abs=1e-3)
    assert data["text"] == " ".join(f"part {n + 1}" for n in range(len(lengths)))


@pytest.mark.parametrize(("seconds", "parts"), [(70, 1), (80, 1), (90, 2)])
def test_without_segmentation_a_file_is_one_utterance_if_the_model_takes_it(
    tmp_path: Path, seconds: int, parts: int
) -> None:
    recognizer = FakeRecognizer(max_samples=80 * RATE_HZ)
    run(recording(tmp_path / "a.wav", seconds), recognizer=recognizer, segmentation=False)
    lengths = [len(waveform) for waveform in recognizer.waveforms]
    assert sum(lengths) == seconds * RATE_HZ
    assert max(lengths) <= 80 * RATE_HZ
    assert len(lengths) == parts


def test_only_what_is_said_goes_to_the_model(tmp_path: Path) -> None:
    """Speech, a long pause, speech: two utterances of 16-bit samples, as in a session."""
    recognizer = FakeRecognizer()
    done = run(
        recording(tmp_path / "a.wav", 12.0),
        recognizer=recognizer,
        make_segmenter=lambda: Segmenter(Scripted([0.0] * 62 + [1.0] * 62 + [0.0] * 62 + [1.0])),
        format_name="json",
    )
    spans = [(u["start_s"], u["end_s"]) for u in json.loads(done.out)["utterances"]]
    frame_s, margin_s = 512 / RATE_HZ, 0.3
    assert spans == [
        pytest.approx((62 * frame_s - margin_s, 124 * frame_s + margin_s), abs=2e-3),
        pytest.approx((186 * frame_s - margin_s, 12.0), abs=2e-3),
    ]
    ramp = (np.arange(12 * RATE_HZ) % 1_000 / 32_768).astype(np.float32)
    for (start_s, end_s), waveform in zip(spans, recognizer.waveforms, strict=True):
        assert waveform.dtype == np.float32
        start = round(start_s * RATE_HZ)
        assert abs(len(waveform) - (end_s - start_s) * RATE_HZ) <= 16
        # Times in JSON are rounded to a millisecond (16 samples), so search for the exact place.
        assert any(
            np.array_equal(ramp[at : at + len(waveform)], waveform)
            for at in range(max(0, start - 16), start + 17)
        )


def test_a_model_of_another_rate_gets_the_whole_recording_in_parts(tmp_path: Path) -> None:
    """The voice detector supports 16 kHz only."""
    recognizer = FakeRecognizer(sample_rate_hz=8_000, max_samples=240 * 8_000)
    run(recording(tmp_path / "a.wav", 70.0), recognizer=recognizer)
    lengths = [len(waveform) for waveform in recognizer.waveforms]
    assert sum(lengths) == 70 * 8_000
    assert max(lengths) <= 30 * 8_000


def test_several_results_on_standard_output_can_be_told_apart(tmp_path: Path) -> None:
    a, b = recording(tmp_path / "a.wav"), recording(tmp_path / "b.wav")
    assert run(a, b).out == f"==> {a} <==\npart 1\n\n==> {b} <==\npart 2\n"
    lines = run(a, b, format_name="json").out.splitlines()
    assert [json.loads(line)["audio"]["path"] for line in lines] == [str(a), str(b)]


def test_output_folder_is_made_and_results_replace_older_ones_if_wanted(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    path = recording(tmp_path / "talk.mp3.wav")
    for overwrite in (False, True):
        done = run(path, output_dir=folder, format_name="srt", overwrite=overwrite)
        assert (done.code, done.out) == (0, "")
        assert [entry.name for entry in folder.iterdir()] == ["talk.mp3.srt"]
    assert "part 1" in (folder / "talk.mp3.srt").read_text(encoding="utf-8")
    assert f"'{path}' -> '{folder / 'talk.mp3.srt'}'" in done.err


def test_a_document_goes_to_a_folder_or_alone_into_a_file(tmp_path: Path) -> None:
    first = recording(tmp_path / "first.wav")
    done = run(first, format_name="docx", output_dir=tmp_path / "out")
    assert done.code == 0
    data = (tmp_path / "out" / "first.docx").read_bytes()
    assert data.startswith(b"PK")
    with io.BytesIO() as file, io.TextIOWrapper(file) as stream:
        results = StreamResultWriter(stream, "docx", 1)
        results.put(Recording(first), data)
        assert file.getvalue() == data
        with pytest.raises(OutputError, match="--output-dir"):
            StreamResultWriter(stream, "docx", 2)


def test_a_document_is_not_shown_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    StreamResultWriter(terminal, "txt", 1)
    with pytest.raises(OutputError, match="is not text"):
        StreamResultWriter(terminal, "docx", 1)


def test_same_names_are_numbered_and_told(tmp_path: Path) -> None:
    files = [
        recording(tmp_path / name)
        for name in ("1/talk.wav", "2/Talk.wav", "3/talk.wav", "4/talk-2.wav")
    ]
    folder = tmp_path / "out"
    done = run(*files, output_dir=folder)
    texts = {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir()}
    assert texts == {
        "talk.txt": "part 1\n",
        "Talk-3.txt": "part 2\n",
        "talk-4.txt": "part 3\n",
        "talk-2.txt": "part 4\n",
    }
    assert f"'{files[1]}' is written to 'Talk-3.txt'" in done.err


def test_a_recording_is_never_replaced_by_its_result(tmp_path: Path) -> None:
    path = recording(tmp_path / "strange.txt")
    before = path.read_bytes()
    assert run(path, output_dir=tmp_path).code == 0
    assert path.read_bytes() == before
    assert (tmp_path / "strange-2.txt").read_text(encoding="utf-8") == "part 1\n"


def test_bad_file_alone_is_code_2_and_loads_no_model(tmp_path: Path) -> None:
    done = run(tmp_path / "none.wav")
    assert (done.code, done.out, done.loads) == (2, "", [])
    assert done.err == f"error: '{tmp_path / 'none.wav'}' does not exist: check the path.\n"


def test_bad_files_do_not_keep_the_others_from_being_done(tmp_path: Path) -> None:
    (tmp_path / "text.mp3").write_text("words, words, words", encoding="utf-8")
    good = recording(tmp_path / "good.wav")
    (tmp_path / "empty").mkdir()
    done = run(tmp_path / "text.mp3", good, tmp_path / "empty")
    assert done.code == 1
    assert done.out == f"==> {good} <==\npart 1\n"
    assert done.err.count("error: ") == 2
    assert len(done.loads) == 1


def test_all_bad_is_code_2(tmp_path: Path) -> None:
    assert run(tmp_path / "none.wav", tmp_path / "missing.mp3").code == 2


def test_failing_model_on_one_file_is_told_and_the_next_is_done(tmp_path: Path) -> None:
    def script(call: int, _waveform: NDArray[np.float32]) -> str:
        if call == 1:
            raise ProviderError("The editor failed: out of memory.")
        return "fine"

    files = [recording(tmp_path / "a.wav"), recording(tmp_path / "b.wav")]
    done = run(*files, recognizer=FakeRecognizer(script), output_dir=tmp_path / "out")
    assert done.code == 1
    assert "error: The editor failed: out of memory.\n" in done.err
    assert [entry.name for entry in (tmp_path / "out").iterdir()] == ["b.txt"]


@pytest.mark.parametrize("error", [BundleError("No bundle."), ProviderError("No provider.")])
def test_model_that_cannot_be_loaded_ends_the_work(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error)):
        run(recording(tmp_path / "a.wav"), recording(tmp_path / "b.wav"), recognizer=error)


def test_damaged_file_gives_its_good_part_and_a_warning(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav", 2.0)
    path.write_bytes(path.read_bytes()[:40_000])
    done = run(path)
    assert (done.code, done.out) == (0, "part 1\n")
    assert shows(done.err, RecordingMessage.CUT_OFF, name=f"warning: '{path}'")


def test_silent_and_empty_recordings_are_told(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav", 1.0)
    done = run(path, recognizer=FakeRecognizer(no_text))
    assert (done.code, done.out) == (0, "")
    assert f"No speech was heard in '{path}'." in done.err
    done = run(recording(tmp_path / "empty.wav", 0.0), format_name="json")
    assert done.code == 0
    assert json.loads(done.out)["utterances"] == []
    assert shows(done.err, RecordingMessage.NO_SOUND)


def test_what_really_runs_is_told(tmp_path: Path) -> None:
    info = replace(
        make_model_info(),
        providers={
            "encoder": "CUDAExecutionProvider",
            "embed_tokens": "CPUExecutionProvider",
            "editor": "CUDAExecutionProvider (800 nodes), CPUExecutionProvider (2 nodes)",
        },
    )
    recognizer = FakeRecognizer(
        model_info=info, threads=1, provider_notes=("CUDA took no part of embed_tokens.",)
    )
    lines = run(recording(tmp_path / "a.wav"), recognizer=recognizer).err.splitlines()
    assert lines == [
        "warning: CUDA took no part of embed_tokens.",
        "Running int8 on CUDA (encoder), CPU (embed_tokens), "
        "CUDA (800 nodes), CPU (2 nodes) (editor), 1 thread.",
    ]


def test_output_folder_that_cannot_be_used_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = recording(tmp_path / "a.wav")
    recognizer = FakeRecognizer()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match="a file has that name"):
            run(path, output_dir=folder, recognizer=recognizer)
    assert recognizer.waveforms == []


def test_full_disk_under_standard_output(tmp_path: Path) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    err = io.StringIO()
    request = TranscribeRequest(files=(recording(tmp_path / "a.wav"),))
    code = transcribe_files(
        request, lambda _request, _notes: FakeRecognizer(), all_speech, Full(), err
    )
    assert code == 2
    assert "cannot be written to standard output (no space left on device)" in err.getvalue()


def test_interrupt_leaves_nothing_half_written(tmp_path: Path) -> None:
    def script(call: int, _waveform: NDArray[np.float32]) -> str:
        if call == 2:
            raise KeyboardInterrupt
        return "text"

    recognizer = FakeRecognizer(script)
    path = recording(tmp_path / "a.wav", 70.0)
    with pytest.raises(KeyboardInterrupt):
        run(path, recognizer=recognizer, output_dir=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert recognizer.is_closed


def test_texts_are_polished_and_what_the_model_gave_stays_beside_them(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav")

    def said(_call: int, _waveform: NDArray[np.float32]) -> str:
        return "so granite life hears me"

    polish = Polish((("granite life", "Granite Live"),), sentence_case=True)
    for name in ("txt", "srt", "md", "json"):
        done = run(path, recognizer=FakeRecognizer(said), polish=polish, format_name=name)
        assert "So Granite Live hears me" in done.out
    (plain,) = json.loads(run(path, recognizer=FakeRecognizer(said), format_name="json").out)[
        "utterances"
    ]
    (polished,) = json.loads(done.out)["utterances"]
    assert plain["text"] == polished["draft_text"] == "so granite life hears me"
    assert [word["text"] for word in polished["words"]] == polished["text"].split()
    for name in ("token_ids", "draft_token_ids", "draft_text", "start_s", "end_s"):
        assert polished[name] == plain[name]


def test_as_many_utterances_at_once_as_the_model_likes(tmp_path: Path) -> None:
    """Results come in order, each with its own times."""
    path = recording(tmp_path / "a.wav", 130.0)
    alone, together = FakeRecognizer(), FakeRecognizer(batch_window_s=45.0)
    utterances = []
    for recognizer in (alone, together):
        done = run(path, recognizer=recognizer, format_name="json")
        utterances.append(json.loads(done.out)["utterances"])
    assert utterances[0] == utterances[1]
    assert set(alone.calls) == {1}
    assert sum(together.calls) == len(alone.calls) == len(utterances[0])
    seconds = [len(waveform) / RATE_HZ for waveform in together.waveforms]
    for call, count in enumerate(together.calls):
        mine = seconds[sum(together.calls[:call]) :][:count]
        assert sum(mine[:-1]) < 45  # The reader takes no more utterances than it needs.
        assert call == len(together.calls) - 1 or sum(mine) >= 45

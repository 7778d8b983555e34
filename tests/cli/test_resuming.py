"""An interrupted run resumes, and its result equals that of an undisturbed run."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.model_fakes import FakeRecognizer, make_model_info
from helpers.transcribe_runs import RATE_HZ, recording, run
from numpy.typing import NDArray

from granite_live.transcript.checkpoint import checkpoints_dir
from granite_live.util.errors import ProviderError


def text_of(_call: int, waveform: NDArray[np.float32]) -> str:
    """Return a text that identifies the sound."""
    return f"{len(waveform)} samples, {float(np.abs(waveform).sum()):.3f}"


class Dies(FakeRecognizer):
    """Recognizer that transcribes so many waveforms, then fails."""

    def __init__(self, after: int, **options: Any) -> None:
        def script(call: int, waveform: NDArray[np.float32]) -> str:
            if call > after:
                raise ProviderError("Out of memory.")
            return text_of(call, waveform)

        super().__init__(script, **options)


def utterances(out: str) -> Any:
    data = json.loads(out)
    return data["text"], data["utterances"], data["audio"]


def kept() -> list[Path]:
    folder = checkpoints_dir()
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("batch_window_s", [0.0, 25.0])
@pytest.mark.parametrize("segmentation", [True, False])
def test_it_goes_on_where_it_ended(
    tmp_path: Path, batch_window_s: float, segmentation: bool
) -> None:
    path = recording(tmp_path / "a.wav", 150.0)
    options: dict[str, Any] = {"format_name": "json", "segmentation": segmentation}
    model: dict[str, Any] = {"batch_window_s": batch_window_s, "max_samples": 10 * RATE_HZ}
    whole = FakeRecognizer(text_of, **model)
    want = utterances(run(path, recognizer=whole, **options).out)
    assert kept() == []
    total = len(whole.waveforms)
    for after in (total // 3, total // 3):
        assert run(path, recognizer=Dies(after, **model), **options).code == 2
        assert len(kept()) == 1
    rest = FakeRecognizer(text_of, **model)
    done = run(path, recognizer=rest, **options)
    assert utterances(done.out) == want
    assert 0 < len(rest.waveforms) < total * 2 / 3
    assert f"'{path}' continues at " in done.err
    assert "use --restart to start over" in done.err
    assert kept() == []


def test_it_begins_anew_if_wanted(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav", 70.0)
    run(path, recognizer=Dies(2))
    recognizer = FakeRecognizer(text_of)
    done = run(path, recognizer=recognizer, restart=True)
    assert sum(map(len, recognizer.waveforms)) == 70 * RATE_HZ
    assert "goes on" not in done.err


@pytest.mark.parametrize(
    "change",
    ["sound", "time", "model", "tier", "skip_editor", "editing_passes", "graphs", "segmentation"],
)
def test_texts_of_another_sound_model_or_option_are_not_used(tmp_path: Path, change: str) -> None:
    path = recording(tmp_path / "a.wav", 70.0)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").touch()
    info = make_model_info(path=str(tmp_path / "model"))
    run(path, recognizer=Dies(2, model_info=info))
    assert len(kept()) == 1
    options: dict[str, Any] = {}
    if change == "sound":
        status = path.stat()
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif change == "time":
        os.utime(path, (1, 1))
    elif change == "model":
        (tmp_path / "model" / "weights").write_bytes(b"other")
    elif change == "tier":
        info = replace(info, tier="fp32")
    elif change == "skip_editor":
        options["skip_editor"] = "fast"
    elif change == "editing_passes":
        options["editing_passes"] = 3
    elif change == "graphs":
        options["graphs"] = "published"
    else:
        options["segmentation"] = False
    recognizer = FakeRecognizer(text_of, model_info=info)
    run(path, recognizer=recognizer, **options)
    assert sum(map(len, recognizer.waveforms)) == 70 * RATE_HZ


def test_sound_that_differs_in_the_middle_gets_texts_of_its_own(tmp_path: Path) -> None:
    """Size, time and both ends are equal, so the sound itself must be compared."""
    path = recording(tmp_path / "a.wav", 200.0)
    recognizer = Dies(9)
    run(path, recognizer=recognizer)
    status, data = path.stat(), bytearray(path.read_bytes())
    changed_s = 50.0
    data[44 + round(changed_s * RATE_HZ) * 2] ^= 0x40
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = FakeRecognizer(text_of)
    got = utterances(run(path, recognizer=again, format_name="json").out)
    want = FakeRecognizer(text_of)
    assert got == utterances(run(path, recognizer=want, format_name="json", restart=True).out)
    heard_s = sum(map(len, again.waveforms)) / RATE_HZ
    assert 200.0 - changed_s <= heard_s < 200.0


def test_another_form_of_the_result_goes_on_too(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav", 70.0)
    run(path, recognizer=Dies(2))
    recognizer = FakeRecognizer(text_of)
    run(path, recognizer=recognizer, format_name="srt", output_dir=tmp_path / "out")
    assert sum(map(len, recognizer.waveforms)) < 70 * RATE_HZ


def test_a_result_that_cannot_be_written_costs_no_text(tmp_path: Path) -> None:
    path, target = recording(tmp_path / "a.wav", 70.0), tmp_path / "out" / "a.txt"

    def blocked(call: int, waveform: NDArray[np.float32]) -> str:
        target.mkdir(exist_ok=True)  # Another program interferes while the work goes on.
        return text_of(call, waveform)

    assert run(path, recognizer=FakeRecognizer(blocked), output_dir=target.parent).code == 2
    target.rmdir()
    recognizer = FakeRecognizer(text_of)
    assert run(path, recognizer=recognizer, output_dir=target.parent).code == 0
    assert recognizer.waveforms == []
    assert kept() == []


def test_a_folder_that_cannot_be_used_costs_nothing_but_the_keeping(tmp_path: Path) -> None:
    checkpoints_dir().parent.mkdir(exist_ok=True)
    checkpoints_dir().write_text("in the way", encoding="utf-8")
    done = run(recording(tmp_path / "a.wav"))
    assert (done.code, done.out) == (0, "part 1\n")
    assert "warning: Finished texts of" in done.err

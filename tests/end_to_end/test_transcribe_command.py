"""The command as a user runs it, in a process of its own, against the oracle."""

from __future__ import annotations

import json
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from helpers.json_schemas import validator
from helpers.oracle import Oracle
from helpers.program_under_test import program_command
from helpers.synthetic_sounds import RATE_HZ, made_up_sound


def write_wav(path: Path, sound: np.ndarray) -> np.ndarray:
    """Write 16-bit mono; return the samples as a reader of the file gets them."""
    pcm = np.round(sound * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm.tobytes())
    return pcm.astype(np.float32) / 32768


def transcribe(*words: object) -> subprocess.CompletedProcess[str]:
    command = program_command("transcribe", *words)
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )


@pytest.mark.parametrize("tier", ["fp32", "int8"])
def test_the_command_gives_the_published_tokens(
    bundle_dir: Path, tmp_path: Path, tier: str
) -> None:
    samples = write_wav(tmp_path / "sound.wav", made_up_sound(48_123, 26))
    want = Oracle(bundle_dir, tier).transcribe(samples)
    assert len(want.draft_ids) > 3
    done = transcribe(
        tmp_path / "sound.wav",
        *("--bundle", bundle_dir, "--tier", tier, "--provider", "cpu"),
        *("--format", "json", "--no-segmentation", "--as-heard"),
    )
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    found = json.loads(done.stdout)
    validator("transcript").validate(found)
    assert found["audio"]["path"] == str(tmp_path / "sound.wav")
    assert found["audio"]["duration_s"] == pytest.approx(48_123 / RATE_HZ, abs=1e-3)
    assert found["bundle"]["path"] == str(bundle_dir)
    assert found["bundle"]["tier"] == tier
    assert found["bundle"]["ctc"] == {"blank": 0, "shift": 1}
    assert found["bundle"]["providers"] == dict.fromkeys(
        ("encoder", "embed_tokens", "editor"), "CPUExecutionProvider"
    )
    (utterance,) = found["utterances"]
    assert tuple(utterance["draft_token_ids"]) == want.draft_ids
    assert tuple(utterance["token_ids"]) == want.final_ids
    assert utterance["text"] == found["text"] == want.text.strip()
    assert utterance["draft_text"] == want.draft_text.strip()
    assert (utterance["start_s"], utterance["end_s"]) == (0.0, pytest.approx(3.0077, abs=1e-3))
    clock = 0.0
    for word in utterance["words"]:
        assert clock <= word["start_s"] <= word["end_s"] <= utterance["end_s"]
        assert 0.0 <= word["confidence"] <= 1.0
        clock = word["start_s"]
    assert {"load_s", "features_s", "encoder_s", "editor_s", "total_s", "real_time_factor"} <= set(
        found["timing"]
    )


def test_a_bad_file_does_not_stop_the_others(bundle_dir: Path, tmp_path: Path) -> None:
    samples = write_wav(tmp_path / "good.wav", made_up_sound(10_001, 1))
    (tmp_path / "bad.wav").write_bytes(b"RIFF\xff\xff\xff\xffWAVEnothing of it is true")
    want = Oracle(bundle_dir, "int8").transcribe(samples)
    done = transcribe(
        *(tmp_path / "bad.wav", tmp_path / "good.wav", tmp_path / "missing.wav"),
        *("--bundle", bundle_dir, "--no-segmentation", "--format", "json"),
        *("--output-dir", tmp_path / "out"),
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "bad.wav" in done.stderr
    assert "missing.wav" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.json"]
    found = json.loads((tmp_path / "out" / "good.json").read_text("utf-8"))
    assert tuple(found["utterances"][0]["token_ids"]) == want.final_ids


@pytest.mark.parametrize(("options", "parts"), [((), 1), (("--part-seconds", "5"), 3)])
def test_a_file_taken_as_one_is_cut_into_parts_of_the_length_asked_for(
    bundle_dir: Path, tmp_path: Path, options: tuple[str, ...], parts: int
) -> None:
    samples = write_wav(tmp_path / "long.wav", made_up_sound(12 * 16_000, 2))
    done = transcribe(
        *(tmp_path / "long.wav", "--bundle", bundle_dir, "--no-segmentation"),
        *("--format", "json", *options),
    )
    found = json.loads(done.stdout)["utterances"]
    assert len(found) == parts
    assert all(one["end_s"] - one["start_s"] <= (5.0 if options else 60.0) for one in found)
    assert found[-1]["end_s"] == pytest.approx(len(samples) / 16_000, abs=1e-3)


def test_a_length_of_parts_is_refused_where_utterances_are_found(tmp_path: Path) -> None:
    done = transcribe(tmp_path / "a.wav", "--part-seconds", "30")
    assert done.returncode == 2
    assert "--no-segmentation" in done.stderr


def test_a_damaged_bundle_is_one_line_and_exit_code_2(bundle_dir: Path, tmp_path: Path) -> None:
    write_wav(tmp_path / "sound.wav", made_up_sound(4_800, 0))
    done = transcribe(tmp_path / "sound.wav", "--bundle", tmp_path / "none")
    assert done.returncode == 2
    assert done.stdout == ""
    assert str(tmp_path / "none") in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr

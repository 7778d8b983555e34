"""Where `transcribe` writes its results, and which files it never replaces."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import pytest
from helpers.messages import sentence, shows
from helpers.model_fakes import FakeRecognizer, all_speech
from helpers.transcribe_runs import RATE_HZ, recording, run

from granite_live.cli.batch import transcribe_files
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.messages.settings import OutputMessage
from granite_live.util.errors import OutputError


def test_a_result_of_another_recording_is_not_replaced(tmp_path: Path) -> None:
    """`talk.flac` yesterday, `other/talk.wav` today: the text may be corrected by hand."""
    folder = tmp_path / "out"
    run(recording(tmp_path / "talk.wav"), output_dir=folder)
    (folder / "talk.txt").write_text("corrected by hand", encoding="utf-8")
    other, recognizer = recording(tmp_path / "other" / "talk.wav"), FakeRecognizer()
    with pytest.raises(OutputError, match=r"'.*talk\.txt' exists already: give --overwrite"):
        run(other, output_dir=folder, recognizer=recognizer)
    assert recognizer.waveforms == []
    assert (folder / "talk.txt").read_text(encoding="utf-8") == "corrected by hand"
    assert run(other, output_dir=folder, overwrite=True).code == 0
    assert (folder / "talk.txt").read_text(encoding="utf-8") == "part 1\n"


def test_several_results_that_exist_are_counted_or_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    files = [recording(tmp_path / name) for name in ("a.wav", "b.wav", "c.wav")]
    run(*files[:2], output_dir=folder)
    (folder / "a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"^2 results exist already in '.*', such as 'a\.txt'"):
        run(*files, output_dir=folder)
    done = run(*files, output_dir=folder, skip_existing=True)
    assert done.code == 0
    assert f"'{files[0]}' is skipped: '{folder / 'a.txt'}' exists." in done.err
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())]
    assert texts == ["mine", "part 2\n", "part 1\n"]
    again = run(*files, output_dir=folder, skip_existing=True)
    assert (again.code, again.loads) == (0, [])


def test_a_write_protected_result_is_not_replaced(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav")
    for options in ({"output": tmp_path / "a.txt"}, {"output_dir": tmp_path}):
        (tmp_path / "a.txt").unlink(missing_ok=True)
        (tmp_path / "a.txt").write_text("mine", encoding="utf-8")
        (tmp_path / "a.txt").chmod(0o444)
        recognizer = FakeRecognizer()
        if "output" in options:
            with pytest.raises(OutputError, match="write-protected"):
                run(path, recognizer=recognizer, overwrite=True, **options)
        else:
            done = run(path, recognizer=recognizer, overwrite=True, **options)
            assert (done.code, "write-protected" in done.err) == (2, True)
        assert recognizer.waveforms == []
        assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "mine"


def test_one_result_goes_to_the_named_file(tmp_path: Path) -> None:
    path, target = recording(tmp_path / "a.wav"), tmp_path / "text.md"
    done = run(path, output=target, format_name="md")
    assert (done.code, done.out) == (0, "")
    assert target.read_text(encoding="utf-8").startswith("# a.wav\n")
    with pytest.raises(OutputError, match=r"exists already\. Give --overwrite"):
        run(path, output=target, format_name="md")
    assert run(path, output=target, overwrite=True).code == 0
    assert target.read_text(encoding="utf-8") == "part 1\n"
    assert run(path, output=Path("-")).out == "part 1\n"


def test_the_named_file_is_refused_before_any_work(tmp_path: Path) -> None:
    path, recognizer = recording(tmp_path / "a.wav"), FakeRecognizer()
    (tmp_path / "loop").symlink_to("loop")
    refused = {
        tmp_path: sentence(OutputMessage.FOLDER_IN_PLACE),
        tmp_path / "none" / "a.txt": "does not exist; create it",
        path / "a.txt": sentence(OutputMessage.NOT_A_FOLDER),
        tmp_path / "loop": "too many levels of symbolic links",
        tmp_path / f"{'x' * 252}.txt": sentence(OutputMessage.NAME_TOO_LONG),
    }
    for target, why in refused.items():
        with pytest.raises(OutputError, match=why):
            run(path, output=target, recognizer=recognizer)
    with pytest.raises(OutputError, match="is the recording itself"):
        run(path, output=path, overwrite=True, recognizer=recognizer)
    with pytest.raises(OutputError, match="these are 2: give a folder with --output-dir"):
        run(path, recording(tmp_path / "b.wav"), output=tmp_path / "x.txt")
    with pytest.raises(OutputError, match="give one of them"):
        run(path, output=tmp_path / "x.txt", output_dir=tmp_path)
    assert recognizer.waveforms == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_a_device_is_written_to(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav")
    assert run(path, output=Path(os.devnull)).code == 0
    assert not Path(os.devnull).is_file()


def test_a_result_whose_name_is_too_long_does_not_stop_the_others(tmp_path: Path) -> None:
    """Most file systems allow 255 bytes, and `.json` is one byte longer than `.wav`."""
    long, short = recording(tmp_path / f"{'ü' * 125}x.wav"), recording(tmp_path / "b.wav")
    assert len(os.fsencode(long.name)) == 255
    recognizer = FakeRecognizer()
    done = run(long, short, output_dir=tmp_path / "out", format_name="json", recognizer=recognizer)
    assert done.code == 1
    assert shows(done.err, OutputMessage.UNWRITABLE, reason=OutputMessage.NAME_TOO_LONG())
    assert len(recognizer.waveforms) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.json"]
    assert run(long, output_dir=tmp_path / "out").code == 0
    assert run(long, output=tmp_path / "short.json", format_name="json").code == 0


def test_a_link_to_itself_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    good = recording(tmp_path / "good.wav")
    for options in ({"output_dir": tmp_path / "out"}, {}):
        done = run(tmp_path / "loop.wav", good, **options)
        assert done.code == 1
        assert done.err.count("error: ") == 1
        assert f"error: '{tmp_path / 'loop.wav'}' cannot be opened: too many levels" in done.err
    assert (tmp_path / "out" / "good.txt").exists()


@pytest.mark.parametrize("name", ["srt", "vtt", "docx"])
def test_several_results_that_make_no_valid_file_are_refused(tmp_path: Path, name: str) -> None:
    a, b, recognizer = (
        recording(tmp_path / "a.wav"),
        recording(tmp_path / "b.wav"),
        FakeRecognizer(),
    )
    with pytest.raises(OutputError, match=rf"not a valid {name} file: .*--output-dir"):
        run(a, b, format_name=name, recognizer=recognizer)
    assert recognizer.waveforms == []
    assert run(a, b, format_name=name, output_dir=tmp_path / "out").code == 0
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_several_results_on_one_output_can_be_read_back(tmp_path: Path) -> None:
    files = [recording(tmp_path / name) for name in ("a.wav", "b.wav")]
    lines = run(*files, format_name="json").out.splitlines()
    assert [json.loads(line)["audio"]["path"] for line in lines] == list(map(str, files))
    page = run(*files, format_name="md").out
    assert re.findall(r"^# (.*)$", page, re.MULTILINE) == ["a.wav", "b.wav"]
    assert "==>" not in page
    assert "\n\n# b.wav\n" in page


def test_subtitles_of_one_recording_are_valid(tmp_path: Path) -> None:
    """Numbers start at 1, times rise, and an empty line separates cues."""
    path = recording(tmp_path / "a.wav", 70.0)
    blocks = run(path, format_name="srt").out.rstrip("\n").split("\n\n")
    assert [int(block.splitlines()[0]) for block in blocks] == list(range(1, len(blocks) + 1))
    starts = [block.splitlines()[1].split(" --> ")[0] for block in blocks]
    assert starts == sorted(starts)
    assert len(starts) > 1


def test_a_name_cannot_control_the_terminal(tmp_path: Path) -> None:
    a, b = recording(tmp_path / "a\x1b[31m\n.wav"), recording(tmp_path / "b.wav")
    done = run(a, b)
    assert "\x1b" not in done.out + done.err
    assert r"a\x1b[31m\n.wav" in done.out.splitlines()[0]


def test_an_output_that_takes_no_more_ends_the_work(tmp_path: Path) -> None:
    class FullAfterOne(io.StringIO):
        def flush(self) -> None:
            if "==> " in self.getvalue():
                raise OSError(28, "No space left on device")

    files = tuple(recording(tmp_path / f"{name}.wav", 0.5) for name in "abc")
    recognizer, err = FakeRecognizer(), io.StringIO()
    request = TranscribeRequest(files=files)
    code = transcribe_files(
        request, lambda _request, _notes: recognizer, all_speech, FullAfterOne(), err
    )
    assert code == 2
    assert [len(waveform) for waveform in recognizer.waveforms] == [RATE_HZ // 2]
    assert err.getvalue().count("error: ") == 1

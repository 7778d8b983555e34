"""A text is aligned in a process of its own, as the window does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.app.alignment_tasks import AlignmentTask, recording_and_text
from granite_live.app.subprocess_task import TaskStoppedError
from granite_live.messages.documents import SubtitleMessage
from granite_live.settings import Settings, save_settings
from granite_live.util.errors import GraniteError
from granite_live.util.paths import assets_dir, demo_bundle_dir

TEXT = (assets_dir() / "samples" / "welcome.txt").read_text("utf-8")


def test_the_words_of_the_text_get_their_times_with_progress(
    tmp_path: Path, two_sentences: Path
) -> None:
    save_settings(Settings(model_path=str(demo_bundle_dir())))
    script = tmp_path / "script.txt"
    first, *others = TEXT.splitlines()[:2]
    foreign = "The committee postponed every discussion about municipal elephants."
    script.write_text("\n".join([first, foreign, *others]), "utf-8")
    shares: list[float] = []
    aligned = AlignmentTask(two_sentences, script).run(shares.append)
    assert [one.text for one in aligned.transcript.utterances] == [first, *others]
    assert [one.text for one in aligned.unspoken] == [foreign]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0, abs=0.2)
    words = [word for one in aligned.transcript.utterances for word in one.words]
    assert all(word.start_s < word.end_s for word in words)
    stopped = AlignmentTask(two_sentences, script)
    stopped.stop()
    with pytest.raises(TaskStoppedError):
        stopped.run(shares.append)
    script.write_text("…", "utf-8")
    with pytest.raises(GraniteError) as caught:
        AlignmentTask(two_sentences, script).run(shares.append)
    assert shows(caught.value, SubtitleMessage.NO_WORDS)


def test_a_recording_and_its_text_are_told_apart_in_any_order() -> None:
    talk, text, other = Path("/talk.mp3"), Path("/talk.TXT"), Path("/more.wav")
    assert recording_and_text([talk, text]) == (talk, text)
    assert recording_and_text([text, talk]) == (talk, text)
    assert recording_and_text([Path("/a.srt"), talk]) == (talk, Path("/a.srt"))
    assert recording_and_text([talk, other]) is None
    assert recording_and_text([talk, other, text]) is None
    assert recording_and_text([text]) is None

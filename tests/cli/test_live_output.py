"""Output of a live session: text and JSON, failures of standard output, and the exit code."""

from __future__ import annotations

import errno
import io
from dataclasses import replace

import pytest

from granite_live.cli.live_output import SIDES, JsonView, LiveEventOutput, TerminalView, TextView
from granite_live.cli.terminal import Messages, PlainConsole
from granite_live.session import events


def final(text: str, number: int = 1) -> events.FinalText:
    return events.FinalText(1.0, number, 0.0, 1.0, text, (), 1.0, text)


def closed(failed: int = 0, detail: str = "") -> events.SessionClosed:
    return events.SessionClosed(2.0, 3, failed, 48_000, 24_000 if detail else 0, 0, detail=detail)


class FailingStream(io.StringIO):
    """Stream that accepts `room` writes, then raises `error`."""

    def __init__(self, room: int, error: OSError) -> None:
        super().__init__()
        self._room, self._error = room, error

    def write(self, text: str, /) -> int:
        if not self._room:
            raise self._error
        self._room -= 1
        return super().write(text)


def run(
    out: io.StringIO, *told: events.SessionEvent, is_file: bool = False
) -> tuple[LiveEventOutput, str]:
    """Show events as on a pipe; return the output's state and the notes."""
    err = io.StringIO()
    notes = Messages(err)
    with LiveEventOutput(TextView(out, notes), out, notes, is_file=is_file) as output:
        for event in told:
            output.show(event)
    return output, err.getvalue()


def test_all_is_well() -> None:
    out = io.StringIO()
    output, notes = run(out, final("One."), final("Two.", 2), closed())
    assert out.getvalue() == "One.\nTwo.\n"
    assert (output.missing(), notes) == ([], "")
    assert not output.is_text_missing


@pytest.mark.parametrize(
    ("told", "sentence", "is_text_missing"),
    [
        (
            [events.PartFailed(1.0, "segmenter", "No speech is found."), closed()],
            "No speech is found.",
            True,
        ),
        ([closed(failed=2)], "2 of 3 utterances have no text.", True),
        ([closed(detail="1.5 s of sound were lost.")], "1.5 s of sound were lost.", False),
        (
            [events.StateChanged(1.0, "recording_only", "No model."), closed()],
            "No text was written because the model does not work.",
            False,
        ),
        ([], "The session did not end properly. Its sound is kept.", True),
    ],
)
def test_what_is_missing_is_said(
    told: list[events.SessionEvent], sentence: str, is_text_missing: bool
) -> None:
    output, _ = run(io.StringIO(), *told)
    assert output.missing() == [sentence]
    assert output.is_text_missing == is_text_missing


def test_a_recording_that_breaks_off_is_missing_a_microphone_that_does_is_not() -> None:
    told = [events.DeviceLost(1.0, "talk.mp3", "Nothing more can be decoded."), closed()]
    assert len(run(io.StringIO(), *told, is_file=True)[0].missing()) == 1
    assert run(io.StringIO(), *told)[0].missing() == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "(no space left on device)"),
        (OSError(errno.EIO, "Input/output error"), "(input/output error)"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "No program reads the text any more."),
    ],
)
def test_output_that_fails_ends_only_the_showing(error: OSError, sentence: str) -> None:
    out = FailingStream(1, error)
    output, notes = run(out, final("One."), final("Two.", 2), final("Three.", 3), closed())
    assert out.getvalue() == "One.\n"
    assert notes.count(sentence) == 1
    assert len(output.missing()) == 1
    assert output.is_pipe_closed == isinstance(error, BrokenPipeError)


@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_without_color_gets_none(no_color: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escapes that move the cursor stay; escapes for color do not."""
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    out = io.StringIO()
    view = TerminalView(PlainConsole(out, force_terminal=True))
    view.show(events.DraftText(0.5, 1, 0.0, "a dra", 0))
    view.show(final("A text."))
    view.close()
    assert "A text." in out.getvalue()
    assert "\x1b[2K" in out.getvalue()
    assert ("\x1b[90m" in out.getvalue()) == (not no_color)


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\nb"])
def test_names_do_not_control_the_terminal(name: str) -> None:
    lost = events.DeviceLost(1.0, name, "")
    out, err = io.StringIO(), io.StringIO()
    TextView(out, Messages(err)).show(lost)
    assert err.getvalue().count("\n") == 1
    assert "\x1b" not in err.getvalue()
    view = TerminalView(PlainConsole(out, force_terminal=True, color_system=None))
    view.show(lost)
    view.close()
    assert name not in out.getvalue()
    JsonView(out).show(lost)
    assert name not in out.getvalue()


def test_both_sides_of_a_meeting_are_named() -> None:
    out = io.StringIO()
    view = TextView(out, Messages(io.StringIO()), SIDES)
    view.show(final("Hello."))
    view.show(replace(final("Good morning.", 2), track=1))
    assert out.getvalue() == "Me: Hello.\nOthers: Good morning.\n"


def test_the_drafts_of_both_sides_are_shown_at_once() -> None:
    out = io.StringIO()
    view = TerminalView(PlainConsole(out, force_terminal=True, color_system=None), SIDES)
    view.show(events.DraftText(1.0, 1, 0.0, "how are", 1))
    out.truncate(0)
    view.show(events.DraftText(1.0, 2, 0.0, "fine thanks", 1, track=1))
    assert "Me: how are" in out.getvalue()
    assert "Others: fine thanks" in out.getvalue()
    out.truncate(0)
    view.show(final("How are you?"))
    assert "Me: How are you?" in out.getvalue()
    view.close()

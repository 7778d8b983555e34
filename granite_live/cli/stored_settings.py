"""What a command was asked for, completed by the stored settings."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO

from granite_live.app.models import ModelRequest, set_aside_damaged_files
from granite_live.settings import Settings, load_or_back_up
from granite_live.transcript.export.options import DEFAULT_OPTIONS, PRESETS, ExportOptions
from granite_live.transcript.polish import Polish
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.app.factory import SessionSettings
    from granite_live.cli.rendering import WritePdf
    from granite_live.cli.terminal import Messages


@dataclass(frozen=True, slots=True)
class TranscribeRequest:
    """One call of `granite-live transcribe`. None means the default.

    `files` are files, folders, or "-" for standard input, as typed. `output` is the file for one
    result, `output_dir` the folder for several; without both, results go to standard output.
    `is_from_settings` says that the bundle comes from the settings. `restart` ignores an existing
    checkpoint. `subtitles` names the rules of subtitles, and `write_pdf` writes PDF files. `polish`
    is applied to every text; token ids and drafts stay raw.
    """

    files: tuple[str | os.PathLike[str], ...]
    bundle: Path | None = None
    tier: str | None = None
    provider: str | None = None
    format_name: str = "txt"
    export: ExportOptions = DEFAULT_OPTIONS
    subtitles: str | None = None
    write_pdf: WritePdf | None = None
    output: Path | None = None
    output_dir: Path | None = None
    audio_track: int | str | None = None
    segmentation: bool = True
    part_s: float | None = None
    threads: int | None = None
    graphs: str = "auto"
    skip_editor: str | None = None
    editing_passes: int | None = None
    vocabulary: tuple[str, ...] = ()
    is_from_settings: bool = False
    recursive: bool = False
    overwrite: bool = False
    skip_existing: bool = False
    restart: bool = False
    quiet: bool = False
    hook: str = ""
    hook_url: str = ""
    polish: Polish = field(default_factory=Polish)

    @property
    def text_options(self) -> dict[str, object]:
        """The options that change the model's text, by their names."""
        return {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name not in _OPTIONS_WITHOUT_EFFECT
        }


# Options that do not change the model's text, or that the model's description covers. Any other
# option, also a future one, changes the key.
_OPTIONS_WITHOUT_EFFECT = frozenset(
    (
        *("files", "recursive", "format_name", "export", "subtitles", "write_pdf"),
        *("output", "output_dir", "overwrite"),
        *("skip_existing", "restart", "quiet", "polish", "threads"),
        *("bundle", "is_from_settings", "tier", "provider", "hook", "hook_url"),
    )
)


_DEFAULTS = Settings()


_SKIPPED = {
    "off": "every draft edited",
    "safe": "editing skipped where that is safe",
    "fast": "editing skipped more often",
}


@dataclass(frozen=True, slots=True)
class ModelArguments:
    """The options of a command that choose the model and how it runs. None means the default."""

    bundle: Path | None = None
    tier: str | None = None
    provider: str | None = None
    threads: int | None = None
    graphs: str = "auto"
    skip_editor: str | None = None
    editing_passes: int | None = None
    vocabulary: Path | None = None


def with_stored_model(request: TranscribeRequest, settings: Settings) -> TranscribeRequest:
    """Complete the request's bundle, tier and provider from the settings."""
    model = ModelRequest.of(settings, request.bundle, request.tier, request.provider)
    return replace(
        request,
        bundle=model.path,
        tier=model.tier,
        provider=model.provider,
        is_from_settings=model.is_from_settings,
    )


def with_stored_rules(request: TranscribeRequest, settings: Settings) -> TranscribeRequest:
    """Complete the rules of subtitles from the settings."""
    rules = PRESETS[request.subtitles or settings.subtitle_rules]
    return replace(request, export=replace(request.export, rules=rules))


def stored_settings(err: TextIO) -> Settings:
    """Return the stored settings; report on `err` what is invalid."""
    from granite_live.cli.terminal import Messages

    settings, sentence = load_or_back_up()
    for one in filter(None, (sentence, *set_aside_damaged_files())):
        Messages(err).warn(one)
    return settings


def session_settings(settings: Settings, *, as_heard: bool) -> SessionSettings:
    """Return the session settings; `as_heard` disables text polishing."""
    from granite_live.app.factory import SessionSettings

    chosen = SessionSettings.of(settings)
    return replace(chosen, polish=Polish()) if as_heard else chosen


def vocabulary_lines(path: Path | None, notes: Messages) -> tuple[str, ...]:
    """Return the terms to listen for, as the lines of `Term`; report unusable ones.

    Args:
        path: A text file of terms; None for the stored vocabulary.
        notes: Receives what is left out, and that a stored vocabulary is used.

    Raises:
        SettingsError: The file cannot be read, or has no term or too many.
    """
    from granite_live.settings.vocabulary import load_terms, read_terms

    if path is not None:
        terms, problems = read_terms(path)
        for problem in problems:
            notes.warn(problem)
        return tuple(map(str, terms))
    terms = load_terms()  # `stored_settings` has reported a file that cannot be used
    if terms:
        count = "1 term" if len(terms) == 1 else f"{len(terms)} terms"
        notes.info(f"Vocabulary: {count} of yours.")
    return tuple(map(str, terms))


def print_settings_in_effect(
    settings: Settings,
    err: IO[str],
    given: ModelArguments | TranscribeRequest,
    *,
    as_heard: bool = False,
) -> None:
    """Report in one line which settings differ from the defaults.

    Args:
        settings: The stored settings.
        err: Receives the line.
        given: The options that override the settings.
        as_heard: The option that disables text polishing.
    """
    found = []
    if given.bundle is None and settings.model_path:
        found.append(f"the model in {settings.model_path}")
    if given.skip_editor is None and settings.skip_editor != _DEFAULTS.skip_editor:
        found.append(_SKIPPED[settings.skip_editor])
    if given.editing_passes is None and settings.editing_passes != _DEFAULTS.editing_passes:
        found.append(f"{settings.editing_passes} editor passes")
    if settings.silence_ms != _DEFAULTS.silence_ms:
        found.append(f"pauses of {settings.silence_ms} ms")
    if settings.detector != _DEFAULTS.detector:
        found.append(f"the {settings.detector} detector")
    if settings.replacements and not as_heard:
        count = len(settings.replacements)
        found.append("1 replacement" if count == 1 else f"{count} replacements")
    if settings.sentence_case != _DEFAULTS.sentence_case and not as_heard:
        found.append("no capitals")
    if found:
        err.write(printable(f"From your settings: {', '.join(found)}.") + "\n")

"""Choose a session's model: the selected one, else the newest installed, else the demo; set
damaged measurements aside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from granite_live.messages.models import ModelMessage
from granite_live.settings import Settings, load_settings
from granite_live.util import paths
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from granite_live.models.selection import SelectedModel
    from granite_live.session.messages import ModelSpec


_log = logging.getLogger(__name__)
_REMEDY = ModelMessage.FIX_RIGHTS_OR_CHOOSE_FOLDER()

PUBLISHED_BUNDLE = "smcleod/ibm-granite-speech-4.1-2b-nar-onnx"
"""The model's repository on the Hugging Face hub."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that was opened and checked, but not loaded.

    `reason` explains the choice of tier and provider; `speed` says how exact and how fast the
    model is on this computer, "" if unknown; `skipped` has a sentence for each preferred model that
    failed its check.
    """

    path: Path
    name: str
    tier: str
    tiers: tuple[str, ...]
    is_demo: bool
    provider: str = "auto"
    skip_editor: str = "off"
    editing_passes: int = 1
    reason: str = ""
    speed: str = ""
    skipped: tuple[str, ...] = ()
    is_tier_requested: bool = True
    is_provider_requested: bool = True

    @property
    def spec(self) -> ModelSpec:
        """The specification that the worker receives, with the vocabulary as it is stored now."""
        from granite_live.session.messages import ModelSpec
        from granite_live.settings.vocabulary import load_terms

        return ModelSpec(
            str(self.path.absolute()),
            self.tier,
            self.provider,
            skip_editor=self.skip_editor,
            editing_passes=self.editing_passes,
            is_tier_asked=self.is_tier_requested,
            is_provider_asked=self.is_provider_requested,
            vocabulary=tuple(map(str, load_terms())),
        )


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """Which model to open.

    Attributes:
        path: The bundle's folder; None for the newest installed one, else the demo.
        tier: One of its tiers; None for the recommended one.
        provider: The provider; "auto" for the recommended one.
        is_from_settings: Nobody asks for `path` now: if it failed its check, use another model.
    """

    path: Path | None = None
    tier: str | None = None
    provider: str = "auto"
    is_from_settings: bool = False

    @classmethod
    def of(
        cls,
        settings: Settings,
        path: Path | None = None,
        tier: str | None = None,
        provider: str | None = None,
    ) -> Self:
        """Complete a request from the settings; a stored tier belongs to the stored model."""
        place = settings.provider if provider is None else str(provider)
        if path is not None:
            return cls(path, tier, place)
        stored = Path(settings.model_path) if settings.model_path else None
        return cls(stored, tier or settings.tier or None, place, stored is not None)


def select_model(
    request: ModelRequest,
    warn: Callable[[BundleError], None],
    remedy: str = _REMEDY,
) -> SelectedModel:
    """Open the requested model.

    Args:
        request: The model.
        warn: Receives the error of each model that was skipped.
        remedy: Tells the user what to do if the models folder cannot be read.

    Raises:
        FailedCheckError: The requested bundle failed its check.
        BundleError: The chosen bundle is unusable, the models folder cannot be read, or there is
            no model at all.
    """
    from granite_live.models.selection import open_best_tier
    from granite_live.models.store.verification import FailedCheckError

    reported, tier, provider = "", request.tier, request.provider
    if request.path is not None:
        try:
            return open_best_tier(request.path, tier, provider)
        except FailedCheckError as error:
            if not request.is_from_settings:
                raise
            warn(error)
            reported, tier = str(error), None
    has_failed = False
    for folder in _newest_first(paths.models_dir(), remedy):
        try:
            return open_best_tier(folder, tier, provider)
        except BundleError as error:
            has_failed |= isinstance(error, FailedCheckError)
            if str(error) != reported:
                warn(error)
    # The demo may lack the requested tier of the model that it replaces.
    return open_best_tier(demo_path(), None if has_failed else tier, provider)


def choose_model(
    request: ModelRequest = ModelRequest(), skip_editor: str = "off", editing_passes: int = 1
) -> ModelChoice:
    """Return what `select_model` selects.

    `skip_editor` and `editing_passes` are passed on to the recognizer.

    Raises:
        FailedCheckError: The requested bundle failed its check.
        BundleError: The chosen bundle is unusable, or there is none at all.
    """
    from granite_live.models.store.verification import FailedCheckError

    passed_over: list[str] = []

    def warn(error: BundleError) -> None:
        _log_skipped(error)
        if isinstance(error, FailedCheckError):
            passed_over.append(str(error))

    suited = select_model(request, warn)
    return _choice(suited, skip_editor, editing_passes, tuple(passed_over))


def _log_skipped(error: BundleError) -> None:
    _log.warning("Skipping a model. %s", error)


def select_stored_model() -> SelectedModel:
    """Return the model of the settings, or a fallback, opened.

    Raises:
        BundleError: No model is usable.
    """
    return select_model(ModelRequest.of(load_settings()), _log_skipped)


def stored_model() -> ModelChoice:
    """Return the model that a new session would use: the settings' model, or a fallback.

    Raises:
        BundleError: No model is usable.
    """
    settings = load_settings()
    request = ModelRequest.of(settings)
    return choose_model(request, settings.skip_editor, settings.editing_passes)


def _choice(
    suited: SelectedModel, skip_editor: str, editing_passes: int, passed_over: tuple[str, ...] = ()
) -> ModelChoice:
    from granite_live.app.model_speed import speed_line

    bundle, choice = suited.bundle, suited.choice
    return ModelChoice(
        *(bundle.path, bundle.name, bundle.tier, bundle.tiers, bundle.is_demo),
        provider=choice.provider,
        skip_editor=skip_editor,
        editing_passes=editing_passes,
        reason=choice.reason,
        speed=speed_line(bundle, choice.provider),
        skipped=tuple(dict.fromkeys((*passed_over, *suited.skipped))),
        is_tier_requested=choice.is_tier_asked,
        is_provider_requested=choice.is_provider_asked,
    )


def all_models(
    path: Path | None = None,
    provider: str = "auto",
    skip_editor: str = "off",
    editing_passes: int = 1,
) -> tuple[ModelChoice, ...]:
    """Return every usable tier of every bundle: `path`, the installed ones, the demo.

    `provider`, `skip_editor` and `editing_passes` are passed on to the recognizer. Unusable bundles
    are skipped. May take a second.

    Raises:
        BundleError: No bundle is usable.
    """
    from granite_live.models.opening import open_bundle
    from granite_live.models.selection import measure_machine, open_best_tier

    facts = measure_machine(accelerators=provider == "auto")
    folders = [] if path is None else [path]
    folders += _newest_first(paths.models_dir(), ModelMessage.FIX_RIGHTS())
    reason = BundleError(ModelMessage.NONE_INSTALLED())
    try:
        folders.append(demo_path())
    except BundleError as error:
        reason = error
    found: dict[tuple[Path, str], ModelChoice] = {}
    for folder in folders:
        try:
            tiers = open_bundle(folder).tiers
        except BundleError as error:
            _log.warning("Skipping a model. %s", error)
            reason = error
            continue
        for tier in tiers:
            try:
                suited = open_best_tier(folder, tier, provider, facts)
            except BundleError as error:
                _log.warning("Skipping a tier. %s", error)
                reason = error
                continue
            found.setdefault((folder.resolve(), tier), _choice(suited, skip_editor, editing_passes))
    if not found:
        raise reason
    return tuple(found.values())


def demo_path() -> Path:
    """Return the demo model's folder.

    Raises:
        BundleError: The folder is missing.
    """
    try:
        return paths.demo_bundle_dir()
    except FileNotFoundError as error:
        raise BundleError(str(error)) from error


def _newest_first(models: Path, remedy: str) -> list[Path]:
    try:
        # A leading dot marks a download in progress.
        folders = [entry for entry in models.iterdir() if entry.is_dir() and entry.name[0] != "."]
        return sorted(folders, key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BundleError(
            ModelMessage.MODELS_FOLDER_UNREADABLE(
                models=models, reason=error.strerror, remedy=remedy
            )
        ) from error


def set_aside_damaged_files() -> tuple[str, ...]:
    """Set damaged files aside; return a sentence for the user for each.

    Most modules that read the files load large libraries, so a missing file loads none.
    """
    from granite_live.settings import vocabulary

    checks: tuple[tuple[Path, Callable[[], str]], ...] = (
        (paths.data_dir() / "threads.json", _threads),
        (paths.data_dir() / "accelerators.json", _accelerators),
        (paths.models_dir() / ".faults.json", _faults),
        (vocabulary.vocabulary_path(), vocabulary.set_aside_damaged),
    )
    return tuple(filter(None, (check() for path, check in checks if _exists(path))))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # the reader says what is wrong with the folder
        return True


def _threads() -> str:
    from granite_live.asr import thread_tuning

    return thread_tuning.set_aside_damaged()


def _accelerators() -> str:
    from granite_live.models.selection import machine_facts

    return machine_facts.set_aside_damaged()


def _faults() -> str:
    from granite_live.models.store import verification

    return verification.set_aside_damaged()

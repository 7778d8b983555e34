"""Scripted models that come, go and fail; see `scripted_engine`."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from granite_live.app.model_inventory import InventorySnapshot, InventoryTier
from granite_live.app.model_tasks import (
    CheckResult,
    DownloadPhase,
    DownloadStatus,
    DownloadStoppedError,
    PreparationResult,
    VerificationResult,
)
from granite_live.app.models import ModelChoice
from granite_live.messages.models import ChoiceMessage
from granite_live.messages.store import CheckMessage, StoreMessage
from granite_live.util.errors import BundleError, GraniteError

MODELS = Path("/home/anna/.local/share/granite-live/models")
GRANITE = "granite-speech-4.1-2b-nar"
TITLE = "IBM Granite Speech 4.1 2B NAR"
ORIGIN = "https://huggingface.co/smcleod/ibm-granite-speech-4.1-2b-nar-onnx"
REASON = ChoiceMessage.QUICKEST()
GOOD = VerificationResult(
    (
        CheckResult("files", True, CheckMessage.FILES_UNCHANGED(count=14)),
        CheckResult(CheckMessage.INPUT_FEATURES(), True, CheckMessage.DIFFERS_BY(largest=2.4e-05)),
        CheckResult(CheckMessage.AUDIO_EMBEDDINGS(), None, CheckMessage.INTEGER_TIER()),
        CheckResult("transcript", True, CheckMessage.SPEED(sound_s=8.4, took_s=1.1)),
    )
)
DEMO_TIER = InventoryTier(
    "", "granite-live demo", "int8", 26_000_000, Path("/assets/demo"), is_demo=True,
    languages=("en",),
)  # fmt: skip


def to_be_had(tier: str = "int8", size_bytes: int = 2_500_000_000) -> InventoryTier:
    """Return a tier that is not installed."""
    return InventoryTier(
        GRANITE, TITLE, tier, size_bytes, is_recommended=tier == "int8", origin=ORIGIN,
        languages=("en", "fr", "de", "es", "pt"), license="Apache-2.0",
    )  # fmt: skip


def installed(tier: str = "int8", size_bytes: int = 2_500_000_000) -> InventoryTier:
    """Return an installed tier."""
    return replace(
        to_be_had(tier, size_bytes), path=MODELS / GRANITE, is_removable=True,
        verified_at="2026-11-20T09:00:00Z",
    )  # fmt: skip


class ScriptedDownload:
    """Download that progresses and ends as scripted."""

    def __init__(
        self, inventory: ScriptedInventory, tier: str, tell: Callable[[DownloadStatus], None]
    ) -> None:
        self.asked: list[str] = []
        self.tier = tier
        self._inventory, self._tell = inventory, tell
        self._told: queue.SimpleQueue[DownloadStatus | ModelChoice | GraniteError] = (
            queue.SimpleQueue()
        )

    def tell(self, now: DownloadStatus) -> None:
        """Send the progress."""
        self._told.put(now)

    def come(self) -> None:
        """End with the installed tier."""
        self._inventory.here.append(installed(self.tier))
        self._told.put(self._inventory.open_tier(MODELS / GRANITE, self.tier))

    def fail(self, sentence: str) -> None:
        """Fail with an error."""
        self._told.put(BundleError(sentence))

    def pause(self) -> None:
        """Report a pause."""
        self.asked.append("pause")
        self.tell(DownloadStatus(DownloadPhase.PAUSED, 1_200_000_000, 2_500_000_000))

    def resume(self) -> None:
        """Report that it continues."""
        self.asked.append("resume")
        self.tell(DownloadStatus(DownloadPhase.DOWNLOADING, 1_200_000_000, 2_500_000_000))

    def cancel(self) -> None:
        """Cancel."""
        self.asked.append("cancel")
        self._told.put(DownloadStoppedError("The download was stopped."))

    def run(self) -> ModelChoice:
        """Run until the script ends it."""
        while True:
            told = self._told.get()
            if isinstance(told, ModelChoice):
                return told
            if isinstance(told, GraniteError):
                raise told
            self._tell(told)


class ScriptedVerification:
    """Check that ends with the scripted verdict, at once or when the script says."""

    def __init__(
        self, inventory: ScriptedInventory, path: Path, tier: str, tell: Callable[[int, int], None]
    ) -> None:
        self.path, self.tier, self.tell = path, tier, tell
        self._ends: queue.SimpleQueue[VerificationResult | GraniteError] = queue.SimpleQueue()
        if not inventory.holds_checks:
            self.end(inventory.verdict)

    def end(self, verdict: VerificationResult | GraniteError) -> None:
        """Let it end."""
        self._ends.put(verdict)

    def stop(self) -> None:
        """Stop without a result."""
        self._ends.put(VerificationResult((), was_stopped=True))

    def run(self) -> VerificationResult:
        """Wait for the end."""
        ended = self._ends.get()
        if isinstance(ended, GraniteError):
            raise ended
        return ended


class ScriptedPreparation:
    """Preparation that ends with the scripted outcome, at once or when the script says."""

    def __init__(self, inventory: ScriptedInventory, choice: ModelChoice) -> None:
        self.path, self.tier = choice.path, choice.tier
        self._ends: queue.SimpleQueue[PreparationResult] = queue.SimpleQueue()
        if not inventory.holds_preparations:
            self.end(inventory.prepared)

    def end(self, outcome: PreparationResult) -> None:
        """Let it end."""
        self._ends.put(outcome)

    def stop(self) -> None:
        """Stop without a result."""
        self._ends.put(PreparationResult(is_ready=False, was_stopped=True))

    def run(self) -> PreparationResult:
        """Wait for the end."""
        return self._ends.get()


class ScriptedInventory:
    """Scripted replacement of `granite_live.app.model_inventory.ModelInventory`, without models."""

    def __init__(self) -> None:
        self.here: list[InventoryTier] = [installed()]
        self.begun_bytes = 0
        self.used: tuple[str, str] | None = None
        self.verdict: VerificationResult = GOOD
        self.holds_checks = False
        self.trouble = ""
        self.downloads: list[ScriptedDownload] = []
        self.checks: list[ScriptedVerification] = []
        self.removed: list[tuple[str, str]] = []
        self.imported: list[Path] = []
        self.holds_imports = False
        self.prepared = PreparationResult(is_ready=True)
        self.holds_preparations = False
        self.preparations: list[ScriptedPreparation] = []
        self.may_read = threading.Event()
        self.may_read.set()

    def read(self) -> InventorySnapshot:
        """Return the scripted inventory."""
        assert self.may_read.wait(30)
        if self.trouble:
            raise BundleError(self.trouble)
        names = {one.tier for one in self.here}
        every = (("int8", 2_500_000_000), ("fp16w", 4_900_000_000), ("fp32", 9_800_000_000))
        others = [to_be_had(tier, size) for tier, size in every if tier not in names]
        if self.begun_bytes:
            others[0] = replace(others[0], downloaded_bytes=self.begun_bytes)
        used = self.used or ((GRANITE, self.here[0].tier) if self.here else ("", "int8"))
        tiers = tuple(
            replace(one, is_in_use=one.is_installed and (one.model, one.tier) == used)
            for one in (*self.here, DEMO_TIER, *others)
        )
        return InventorySnapshot(tiers, MODELS, 212_000_000_000, self.begun_bytes, REASON)

    def download_task(
        self, model: str, tier: str, tell: Callable[[DownloadStatus], None]
    ) -> ScriptedDownload:
        """Return the scripted download."""
        self.downloads.append(ScriptedDownload(self, tier, tell))
        return self.downloads[-1]

    def verification_task(
        self, path: Path, tier: str, tell: Callable[[int, int], None]
    ) -> ScriptedVerification:
        """Return the scripted check."""
        self.checks.append(ScriptedVerification(self, path, tier, tell))
        return self.checks[-1]

    def remove(self, model: str, tier: str) -> int:
        """Remove a tier."""
        self.removed.append((model, tier))
        gone = [one for one in self.here if (one.model, one.tier) == (model, tier)]
        self.here = [one for one in self.here if one not in gone]
        return sum(one.size_bytes for one in gone)

    def discard_unfinished(self) -> int:
        """Remove unfinished downloads."""
        freed, self.begun_bytes = self.begun_bytes, 0
        return freed

    def preparation_task(
        self, choice: ModelChoice, tell: Callable[[str], None]
    ) -> ScriptedPreparation:
        """Return the scripted preparation."""
        self.preparations.append(ScriptedPreparation(self, choice))
        return self.preparations[-1]

    def import_model(
        self, path: Path, tell: Callable[[int, int], None], stopped: threading.Event
    ) -> ModelChoice:
        """Import a model, or raise the scripted error."""
        if self.holds_imports:
            tell(2_000_000_000, 5_000_000_000)
            stopped.wait()
            raise BundleError(StoreMessage.IMPORT_STOPPED())
        if path.suffix == ".broken":
            raise BundleError(f"{path} is damaged.")
        self.imported.append(path)
        self.here.append(replace(installed("fp32"), model="mine", title="mine"))
        tell(5_000_000_000, 5_000_000_000)
        return ModelChoice(MODELS / "mine", "mine", "fp32", ("fp32",), is_demo=False)

    def open_tier(self, path: Path, tier: str) -> ModelChoice:
        """Return a model in the form that sessions take."""
        return ModelChoice(path, path.name, tier, (tier,), is_demo=path == DEMO_TIER.path)

    def settings_for(self, choice: ModelChoice) -> tuple[str, str]:
        """Return the settings for a model, and use it from now on."""
        model = "" if choice.is_demo else choice.path.name
        self.used = (model, choice.tier)
        return str(choice.path), choice.tier

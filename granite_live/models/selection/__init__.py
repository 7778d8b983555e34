"""Choose the tier and provider for a machine: measure, decide, respect the user's choice."""

from granite_live.models.selection.decision import (
    MachineFacts,
    TierChoice,
    TierSize,
    choose_for_machine,
)
from granite_live.models.selection.machine_facts import measure_machine
from granite_live.models.selection.selection import (
    SelectedModel,
    open_best_tier,
    recommend_tier,
    reconsider,
)

__all__ = [
    "MachineFacts",
    "SelectedModel",
    "TierChoice",
    "TierSize",
    "choose_for_machine",
    "measure_machine",
    "open_best_tier",
    "recommend_tier",
    "reconsider",
]

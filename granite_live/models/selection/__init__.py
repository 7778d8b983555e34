"""Choose the tier and provider for a machine: measure, decide, respect the user's choice."""

from granite_live.models.selection.decision import Choice, choose
from granite_live.models.selection.facts import MachineFacts, TierSize
from granite_live.models.selection.measuring import measure
from granite_live.models.selection.suiting import Suited, advise, decide_again, open_suiting

__all__ = [
    "Choice",
    "MachineFacts",
    "Suited",
    "TierSize",
    "advise",
    "choose",
    "decide_again",
    "measure",
    "open_suiting",
]

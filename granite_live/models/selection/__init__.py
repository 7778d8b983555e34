"""Choose the tier and provider for a machine: measure, decide, respect the user's choice."""

from granite_live.models.selection.decision import Choice, MachineFacts, TierSize, choose
from granite_live.models.selection.machine_facts import measure
from granite_live.models.selection.selection import Suited, advise, decide_again, open_suiting

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

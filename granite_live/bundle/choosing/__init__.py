"""Which tier suits a machine: measured first, then decided, and the user may overrule it."""

from granite_live.bundle.choosing.decision import Choice, choose
from granite_live.bundle.choosing.facts import MachineFacts
from granite_live.bundle.choosing.measuring import measure

__all__ = ["Choice", "MachineFacts", "choose", "measure"]

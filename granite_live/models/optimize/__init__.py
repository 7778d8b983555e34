"""Rewrite a tier's graphs once for the machine they run on: same model, same words, less work.

`recipe` lists the rewrites of each graph, `building` lets onnxruntime optimize and save the result,
`prepared_tiers` stores it. Entry point: `prepare_tier`.
"""

from granite_live.models.optimize.form_speed import describe_speed, note_speed
from granite_live.models.optimize.prepared_tiers import (
    can_prepare,
    check_possible,
    find_prepared,
    prepare_tier,
    remove_stale_prepared,
)

__all__ = [
    "can_prepare",
    "check_possible",
    "describe_speed",
    "find_prepared",
    "note_speed",
    "prepare_tier",
    "remove_stale_prepared",
]

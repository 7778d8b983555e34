"""A tier made ready once for the machine it runs on: same model, same words, less work.

A module for each rewrite, `recipe` says which graph gets which, `optimising` lets onnxruntime
finish and save the result, `tiers` keeps what was made.
"""

from granite_live.bundle.prepare.tiers import (
    GRAPH_FORMS,
    can_prepare,
    find_prepared,
    prepare_tier,
    sweep_prepared,
)

__all__ = ["GRAPH_FORMS", "can_prepare", "find_prepared", "prepare_tier", "sweep_prepared"]

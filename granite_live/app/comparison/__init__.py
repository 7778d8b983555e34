"""Compare installed models and their forms on recordings whose text is known.

Nothing leaves this computer. Each model runs in a process of its own, one after the other.
"""

from granite_live.app.comparison.candidates import Candidate, find_candidates, find_models
from granite_live.app.comparison.recordings import (
    KnownRecording,
    corrected_lines,
    folder_recordings,
    sample_recordings,
)
from granite_live.app.comparison.results import (
    ComparedModel,
    Comparison,
    ComparisonRequest,
    ComparisonTask,
)

__all__ = [
    "Candidate",
    "ComparedModel",
    "Comparison",
    "ComparisonRequest",
    "ComparisonTask",
    "KnownRecording",
    "corrected_lines",
    "find_candidates",
    "find_models",
    "folder_recordings",
    "sample_recordings",
]

"""Compare installed models and their forms on recordings whose text is known.

Nothing leaves this computer. Each model runs in a process of its own, one after the other.
"""

from granite_live.app.comparison.candidates import Candidate
from granite_live.app.comparison.results import ComparedModel, Comparison, ComparisonRequest

__all__ = ["Candidate", "ComparedModel", "Comparison", "ComparisonRequest"]

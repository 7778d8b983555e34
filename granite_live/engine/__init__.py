"""The application layer behind the front ends: inputs, models, sessions. Imports no Qt."""

from granite_live.engine.engine import Engine
from granite_live.engine.fetching import ModelDownload, Phase, Progress
from granite_live.engine.inputs import Input
from granite_live.engine.library import open_library
from granite_live.engine.models import ModelChoice
from granite_live.engine.preparing import Preparation, Prepared
from granite_live.engine.recovering import Interrupted
from granite_live.engine.sessions import FileTracks, RunningSession, Wanted
from granite_live.engine.shelf import ModelShelf
from granite_live.engine.shelf_tiers import Shelf, ShelfTier
from granite_live.engine.tasks import Outcome, Task
from granite_live.engine.verifying import Checked, Verdict, Verification

__all__ = [
    "Checked",
    "Engine",
    "FileTracks",
    "Input",
    "Interrupted",
    "ModelChoice",
    "ModelDownload",
    "ModelShelf",
    "Outcome",
    "Phase",
    "Preparation",
    "Prepared",
    "Progress",
    "RunningSession",
    "Shelf",
    "ShelfTier",
    "Task",
    "Verdict",
    "Verification",
    "Wanted",
    "open_library",
]

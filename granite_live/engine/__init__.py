"""What a window asks of the program: inputs, models, sessions. Knows everybody, but no Qt."""

from granite_live.engine.engine import Engine
from granite_live.engine.inputs import Input
from granite_live.engine.models import ModelChoice
from granite_live.engine.recovering import Interrupted
from granite_live.engine.sessions import RunningSession, Wanted
from granite_live.engine.tasks import Outcome, Task

__all__ = [
    "Engine",
    "Input",
    "Interrupted",
    "ModelChoice",
    "Outcome",
    "RunningSession",
    "Task",
    "Wanted",
]

"""Check whether everything works on this computer, and say what to do about what does not."""

from granite_live.app.doctor.checks import CheckFinding, Status
from granite_live.app.doctor.examination import diagnostic_report, run_checks

__all__ = ["CheckFinding", "Status", "diagnostic_report", "run_checks"]

"""Check whether everything works on this computer, and say what to do about what does not."""

from granite_live.app.doctor.examination import examine
from granite_live.app.doctor.findings import Finding, Status

__all__ = ["Finding", "Status", "examine"]

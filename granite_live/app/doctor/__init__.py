"""Looks whether everything works here, and says what to do about what does not."""

from granite_live.app.doctor.examination import examine
from granite_live.app.doctor.findings import Finding, Status

__all__ = ["Finding", "Status", "examine"]

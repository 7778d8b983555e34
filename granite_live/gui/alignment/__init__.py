"""A text is aligned with its recording: the dialog, and what opens it."""

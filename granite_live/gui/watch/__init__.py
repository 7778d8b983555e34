"""A watched folder: what comes of its recordings, and the dialog that shows it."""

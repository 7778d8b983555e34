"""Run one live session: audio in, events out. `session.Session` is the entry point."""

"""The queue of files and stored sessions to transcribe."""

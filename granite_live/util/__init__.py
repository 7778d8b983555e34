"""Helpers without dependencies on the rest of the program: paths, errors, logs, threads, files."""

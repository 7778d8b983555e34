"""One session: sound in, events out. Threads, the worker process and their schedule."""

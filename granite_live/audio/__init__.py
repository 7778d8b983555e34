"""Sound: files, microphones and the journal, all as blocks of mono float32 samples."""

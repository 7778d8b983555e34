"""Audio files, capture, playback and the journal."""

"""The model on disk: bundle format, graph optimization, tier selection, download, and store."""

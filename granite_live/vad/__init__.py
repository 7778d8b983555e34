"""Voice activity detection and segmentation into utterances."""

"""Models in the window: the download offer, the model list, downloads and checks."""

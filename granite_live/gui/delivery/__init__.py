"""Delivery of texts into other programs: typed, or pasted with the clipboard restored."""

"""The transcript on the screen: lines, their painting, their editing."""

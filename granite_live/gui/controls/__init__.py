"""The control bar: input, start and stop, level, clock."""

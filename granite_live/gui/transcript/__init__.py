"""The transcript view: lines, painting, editing."""

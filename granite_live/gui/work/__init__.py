"""What is worked through one after the other: files, and stored sessions."""

"""What is pressed and read while one speaks."""

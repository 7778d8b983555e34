"""The caption window: what is said, as subtitles over whatever is on the screen."""

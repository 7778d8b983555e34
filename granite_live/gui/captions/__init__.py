"""The caption window: live subtitles on top of all windows."""

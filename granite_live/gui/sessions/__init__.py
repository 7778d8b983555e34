"""The session list: search, titles and actions on sessions."""

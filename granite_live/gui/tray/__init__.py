"""The system tray icon."""

"""What both front ends ask the program for: start a session, transcribe files, manage models."""

"""Where speech is, and where one utterance ends and the next begins."""

"""The window: a front end of a session, and the only place that knows Qt."""

"""The sessions on the side: their list, their search, what can be done with one."""

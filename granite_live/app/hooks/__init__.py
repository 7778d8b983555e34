"""Call a command or an address of this computer with each final text, session and file."""

"""Platform services: text input into other programs, global hotkeys, autostart."""

"""The program in the system's tray, where there is one."""

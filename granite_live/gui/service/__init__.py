"""The service for other programs in the window: its switch, its addresses and who watches."""

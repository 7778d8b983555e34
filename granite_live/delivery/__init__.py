"""Text into the program that the user is working in, by a small module for each platform."""

from granite_live.delivery.opening import open_hands
from granite_live.delivery.protocol import DeliveryError, FocusError, Hands, Target, Way

__all__ = ["DeliveryError", "FocusError", "Hands", "Target", "Way", "open_hands"]

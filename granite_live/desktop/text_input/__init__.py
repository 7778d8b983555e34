"""Text input into other programs, with one implementation per platform."""

from granite_live.desktop.text_input.opening import open_hands
from granite_live.desktop.text_input.protocol import DeliveryError, FocusError, Hands, Target, Way

__all__ = ["DeliveryError", "FocusError", "Hands", "Target", "Way", "open_hands"]

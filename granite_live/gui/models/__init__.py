"""The models in the window: the offer of the real one, the list of all, what is done with them."""

"""The page "what's on": its programme laid out, and the map of the cinemas."""

"""How fast and how large: against peers, against bare engines, and up to a million passages."""

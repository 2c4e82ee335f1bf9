"""How good is it? Measured, with intervals."""

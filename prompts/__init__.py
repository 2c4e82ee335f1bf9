"""Every word that is said to a language model."""

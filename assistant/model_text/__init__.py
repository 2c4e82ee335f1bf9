"""What a language model writes, made plain and cut into sentences while it comes."""

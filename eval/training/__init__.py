"""Fits the weights that ship, from papers and questions that anyone can supply."""

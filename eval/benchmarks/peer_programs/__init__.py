"""What the benchmark of peers runs, each with the Python of its own environment."""

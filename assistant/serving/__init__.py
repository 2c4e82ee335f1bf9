"""Serving: one process that answers programs and people, over HTTP and as tools of a model."""

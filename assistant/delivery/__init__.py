"""Delivery: a digest as text, Markdown, a page, a feed and e-mail."""

"""The web page: chat, digest, search, corpus and quality in a browser."""

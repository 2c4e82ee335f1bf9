"""A digest as one page that holds all it needs, reads well on a screen and prints well."""

from __future__ import annotations

from assistant.digest.digests import Digest
from assistant.html_page import filled
from assistant.markdown import about, address

TEMPLATES = "assistant.delivery"


def digest_page(digest: Digest) -> str:
    """Write the page; it asks for nothing, and nothing from a paper can act in it."""
    return filled(TEMPLATES, "digest", digest=digest, about=about, address=address)


def digest_body(digest: Digest) -> str:
    """Write what stands in the page's body, for a feed."""
    return filled(TEMPLATES, "body", digest=digest, about=about, address=address)

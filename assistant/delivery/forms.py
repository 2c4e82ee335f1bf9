"""The forms in which a digest is given."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Literal

from assistant.delivery.digest_feed import digest_feed
from assistant.delivery.digest_markdown import digest_in_markdown
from assistant.delivery.digest_page import digest_page
from assistant.delivery.digest_text import digest_in_text
from assistant.digest.digests import Digest
from assistant.errors import DeliveryError

Form = Literal["text", "md", "html", "json", "atom"]


def digest_as(form: Form, digest: Digest, *, moment: datetime) -> str:
    """Write a digest in a form; `moment` is now."""
    match form:
        case "md":
            return digest_in_markdown(digest)
        case "html":
            return digest_page(digest)
        case "json":
            return json.dumps(digest.as_json(), ensure_ascii=False, indent=2) + "\n"
        case "atom":
            return digest_feed(digest, moment=moment)
        case "text":
            return digest_in_text(digest)


def put(text: str, out: Path | None) -> None:
    """Write `text` to a file, whole or not at all, or to standard output.

    Raises:
        DeliveryError: The file cannot be written.
    """
    if out is None:
        sys.stdout.write(text)
        return
    draft = out.with_name(f"{out.name}.new")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DeliveryError(
            f"`{out}` cannot be written: {error.strerror or error}",
            hint="name a file in a folder that you may write",
        ) from error

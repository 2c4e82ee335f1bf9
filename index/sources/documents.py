"""Documents of live sources, read whole or not at all: JSON and XML."""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree

from index.rows import quoted

DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)")


class DamagedError(ValueError):
    """A document is cut off, or is none of those that were asked for; it may come whole later."""


def parsed_json(text: str) -> Any:
    """Parse JSON.

    Raises:
        DamagedError: It is none, or not all of it.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedError("its answer is no JSON, or was cut off") from error


def parsed_xml(text: str) -> Any:
    """Parse XML; nothing outside it is read.

    Raises:
        DamagedError: It is none, or not all of it, or declares a document type.
    """
    if DECLARATION.search(text):
        raise DamagedError("its answer declares a document type, which none of arXiv's does")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise DamagedError(f"its answer is no XML, or was cut off: {quoted(error.msg)}") from error

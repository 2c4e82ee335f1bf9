"""A page: HTML that holds all it needs, asks for nothing, and lets nothing from a paper act.

The policy in its head permits the one style and, where there is one, the one script that it has, by
their checksums; whatever else a text from a paper or a model may hold is escaped, and could not run
if it were not.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from assistant.fit_text import fit

STYLE, SCRIPT = "page.css", "page.js"
"""The templates of the style, and of the script, which a folder need not have."""


def filled(
    package: str,
    template: str,
    *,
    filters: Mapping[str, Callable[..., str]] = MappingProxyType({}),
    **told: Any,
) -> str:
    """Fill `<template>.html` of the folder `templates` of a package, and give it its policy.

    The template finds beside what it is told `policy`, `style` and `script`, and the filter `fit`,
    which everything that is not ours has to pass through.
    """
    environment = _environment(package)
    environment.filters.update(filters)
    style = environment.get_template(STYLE).render(**told)
    script = ""
    if SCRIPT in environment.list_templates():
        script = environment.get_template(SCRIPT).render()
    allowed = f"script-src '{_checksum(script)}'; " if script else ""
    policy = (
        f"default-src 'none'; style-src '{_checksum(style)}'; {allowed}"
        "base-uri 'none'; form-action 'none'"
    )
    written: str = environment.get_template(f"{template}.html").render(
        **told, policy=policy, style=style, script=script
    )
    return written


def fragment(package: str, template: str, **told: Any) -> str:
    """Fill `<template>.html` of the folder `templates` of a package, a part of a page.

    It is escaped as a page is, and finds the filter `fit`.
    """
    written: str = _environment(package).get_template(f"{template}.html").render(**told)
    return written


def _checksum(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _environment(package: str) -> Any:
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files(package) / "templates"
    sources = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["fit"] = fit
    return environment

"""Interests: what a reader follows, as a small TOML file.

topics = ["distillation of language models", "mixture of experts"]   # in words
keywords = ["LoRA", "speculative decoding"]                          # as papers print them
authors = ["Yoshua Bengio"]
liked = ["2510.12345", "Pointer Networks"]                           # papers, by id or title
disliked = ["Deep Sets"]
without = ["survey", "medical"]                                      # papers that say it stay out
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assistant.errors import InterestsError
from index.papers import tidy

LARGEST = 100_000
"""Bytes of a file of interests at most."""

MOST = 100
"""Entries of a key at most."""

LONGEST = 300
"""Characters of an entry at most: a title may be one."""

EXAMPLE = 'write it as a list of words, such as `{key} = ["mixture of experts"]`'


@dataclass(frozen=True, kw_only=True)
class Interests:
    """What a reader wants to see, and what not."""

    topics: tuple[str, ...] = ()
    """In words: papers that bear on them, whatever words they use."""
    keywords: tuple[str, ...] = ()
    """As papers print them, whatever the case."""
    authors: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    """Papers by id or title: those like them are wanted."""
    disliked: tuple[str, ...] = ()
    """Papers by id or title: they and those like them are not."""
    without: tuple[str, ...] = ()
    """Words: papers that print them are not wanted, whatever else speaks for them."""

    @classmethod
    def read(cls, path: Path) -> Interests:
        """Read a file.

        Raises:
            InterestsError: It cannot be read, is no TOML, or has a key or a value that means
                nothing here; the error names the key.
        """
        try:
            with path.open("rb") as stream:
                written = stream.read(LARGEST + 1)
        except OSError as error:
            raise InterestsError(
                f"`{path}` cannot be read: {error.strerror or error}",
                hint="give a file of interests with `--interests FILE`",
            ) from error
        if len(written) > LARGEST:
            raise InterestsError(
                f"`{path}` is larger than {LARGEST} bytes",
                hint="keep what you follow; a topic needs no more than a few words",
            )
        return cls.parse(written, name=str(path))

    @classmethod
    def parse(cls, written: bytes, *, name: str) -> Interests:
        """Read the bytes of a file called `name`, as `read` does."""
        try:
            table = tomllib.loads(written.decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InterestsError(
                f"`{name}` is no TOML: {error or 'it is nested too deeply'}",
                hint=EXAMPLE.format(key="topics"),
            ) from error
        known = [field.name for field in fields(cls)]
        for key in table:
            if key not in known:
                raise InterestsError(
                    f"`{name}` has the key `{tidy(key)[:60]}`, which means nothing",
                    hint="the keys are " + ", ".join(f"`{each}`" for each in known),
                )
        interests = cls(**{key: _words(value, key, name=name) for key, value in table.items()})
        if not (interests.topics or interests.keywords or interests.authors or interests.liked):
            raise InterestsError(
                f"`{name}` names nothing to follow",
                hint="give `topics`, `keywords`, `authors` or `liked`",
            )
        return interests


def _words(value: Any, key: str, *, name: str) -> tuple[str, ...]:
    """Read the list that a key has."""
    if not isinstance(value, list):
        raise InterestsError(f"`{key}` in `{name}` is no list", hint=EXAMPLE.format(key=key))
    if len(value) > MOST:
        raise InterestsError(
            f"`{key}` in `{name}` has {len(value)} entries, more than {MOST}",
            hint="keep those that matter most",
        )
    words = []
    for place, each in enumerate(value, start=1):
        text = tidy(each) if isinstance(each, str) else ""
        if not any(letter.isalnum() for letter in text) or len(text) > LONGEST:
            raise InterestsError(
                f"Entry {place} of `{key}` in `{name}` is no words, or more than {LONGEST} letters",
                hint=EXAMPLE.format(key=key),
            )
        words.append(text)
    return tuple(dict.fromkeys(words))

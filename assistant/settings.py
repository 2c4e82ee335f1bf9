"""The settings: one flat table, each an environment variable or a command's option."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Self, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from index.errors import FootnoteError
from index.sources.services import Services

Unsupported = Literal["rewrite", "drop", "flag"]
"""What becomes of a sentence that no paper supports: it is written once more and left out if that
does not help, left out at once, or shown with its verdict."""


ADDRESSES = ("hf_url", "arxiv_url", "arxiv_rss_url", "arxiv_oai_url")


class SettingError(FootnoteError):
    """An environment variable or an option holds what Footnote cannot use."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What can be set; the name in the environment is FOOTNOTE_ and the field's in capitals."""

    home: Path
    """The folder with everything Footnote keeps; else the platform's data folder."""
    embedding_model: str | None = None
    """A sentence-transformers model, by its name on the hub or its folder; else MiniLM."""
    chroma: str | None = None
    """Where a Chroma server listens that keeps the vectors; without one they are in the home."""
    chroma_key: str | None = field(default=None, repr=False)
    """The key that it, or a proxy before it, wants as `Authorization: Bearer`, if any."""
    model_url: str | None = None
    """Where an OpenAI-compatible server listens; without one, answers are quoted."""
    model: str | None = None
    """The model's name at that server; else the only one it has."""
    model_key: str | None = field(default=None, repr=False)
    """The key that the server wants, if it wants one."""
    unsupported: Unsupported = "rewrite"
    """What becomes of a sentence that a model wrote and no paper supports."""
    api_key: str | None = field(default=None, repr=False)
    """What opens `footnote serve` to others; needed to listen elsewhere than on this machine."""
    hf_url: str = "https://huggingface.co"
    """Where the Daily Papers are: Hugging Face, or a mirror of it."""
    arxiv_url: str = "https://export.arxiv.org"
    """Where the API of arXiv is."""
    arxiv_rss_url: str = "https://rss.arxiv.org"
    """Where the daily feeds of arXiv are."""
    arxiv_oai_url: str = "https://oaipmh.arxiv.org"
    """Where arXiv is harvested in bulk."""
    smtp_url: str | None = field(default=None, repr=False)
    """The server that takes e-mail: `smtp://user:password@host:587`, or `smtps://`."""
    mail_from: str | None = None
    """Who digests are from: `Footnote <papers@example.org>`."""
    unsubscribe: str | None = None
    """Where readers take themselves off: a `https:` or `mailto:` address; else a mail to
    `mail_from`."""
    now: datetime
    """The moment that "today" means; else the clock's."""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, *, home: Path | None = None) -> Self:
        """Read the environment; `home` goes before its FOOTNOTE_HOME.

        Raises:
            SettingError: The home is `~` of an unknown user, FOOTNOTE_NOW is no moment,
                FOOTNOTE_TIMEZONE no zone, or FOOTNOTE_UNSUPPORTED none of its words.
        """
        return cls(
            home=_home(home or environment.get("FOOTNOTE_HOME")),
            embedding_model=environment.get("FOOTNOTE_EMBEDDING_MODEL") or None,
            chroma=environment.get("FOOTNOTE_CHROMA") or None,
            chroma_key=environment.get("FOOTNOTE_CHROMA_KEY") or None,
            model_url=environment.get("FOOTNOTE_MODEL_URL") or None,
            model=environment.get("FOOTNOTE_MODEL") or None,
            model_key=environment.get("FOOTNOTE_MODEL_KEY") or None,
            unsupported=_unsupported(environment.get("FOOTNOTE_UNSUPPORTED") or "rewrite"),
            api_key=environment.get("FOOTNOTE_API_KEY") or None,
            **{name: url for name in ADDRESSES if (url := environment.get(_variable(name)))},
            smtp_url=environment.get("FOOTNOTE_SMTP_URL") or None,
            mail_from=environment.get("FOOTNOTE_MAIL_FROM") or None,
            unsubscribe=environment.get("FOOTNOTE_UNSUBSCRIBE") or None,
            now=_now(environment.get("FOOTNOTE_NOW"), environment.get("FOOTNOTE_TIMEZONE")),
        )

    @property
    def services(self) -> Services:
        """The servers of live sources.

        Raises:
            SourceError: An address is none.
        """
        return Services.at(
            hf_url=self.hf_url,
            arxiv_url=self.arxiv_url,
            arxiv_rss_url=self.arxiv_rss_url,
            arxiv_oai_url=self.arxiv_oai_url,
        )

    @property
    def today(self) -> date:
        """The day of `now`."""
        return self.now.date()


def _variable(name: str) -> str:
    return f"FOOTNOTE_{name.upper()}"


def _home(place: Path | str | None) -> Path:
    if place:
        try:
            return Path(place).expanduser()
        except RuntimeError as error:
            raise SettingError(
                f"`{place}` cannot be found: {error}",
                hint="name a folder with `--home` or `FOOTNOTE_HOME`",
            ) from error
    import platformdirs

    return Path(platformdirs.user_data_dir("footnote"))


def _unsupported(word: str) -> Unsupported:
    for known in get_args(Unsupported):
        if word == known:
            return cast(Unsupported, known)
    raise SettingError(
        f"FOOTNOTE_UNSUPPORTED is `{word}`, which is none of its words",
        hint="set it to " + ", ".join(f"`{known}`" for known in get_args(Unsupported)),
    )


def _now(moment: str | None, zone: str | None) -> datetime:
    try:
        timezone = ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(
            f"FOOTNOTE_TIMEZONE is `{zone}`, which is no time zone",
            hint="give a name such as `Europe/Vienna` or `UTC`",
        ) from error
    if not moment:
        return datetime.now(timezone)
    try:
        now = datetime.fromisoformat(moment)
        return now.astimezone(timezone) if now.tzinfo and timezone else now
    except (ValueError, OverflowError) as error:
        raise SettingError(
            f"FOOTNOTE_NOW is `{moment}`, which is no moment",
            hint="give a day or a moment such as `2025-10-30` or `2025-10-30T09:00`",
        ) from error

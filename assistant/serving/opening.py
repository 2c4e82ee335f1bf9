"""Opening: the parts of a home put together for many callers at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant import assembling
from assistant.digest.opening import digesting
from assistant.errors import QuestionError
from assistant.serving.desk import Desk
from assistant.serving.feedback import Feedback
from assistant.serving.ingesting import Ingesting
from assistant.serving.limits import Limits
from assistant.serving.mending import Mending
from assistant.serving.metrics import Metrics
from assistant.settings import SettingError, Settings
from assistant.support import TrainedSupport
from assistant.talk import Talk
from index.home import Home


@dataclass(frozen=True)
class Opened:
    """Everything that is served."""

    settings: Settings
    desk: Desk
    metrics: Metrics
    ingesting: Ingesting
    feedback: Feedback
    mending: Mending


@contextmanager
def opened(settings: Settings, talk: Talk, *, limits: Limits) -> Iterator[Opened]:
    """Open a home to serve it; where there is none, an empty one is made.

    Raises:
        HomeError: It cannot be made or read.
        ModelError: The embedding model is missing.
        StaleIndexError: The vectors are another model's.
        ChatModelError: The language model cannot be used.
    """
    home = Home(settings.home.absolute())
    if not home.corpus.exists():
        with assembling.writer(settings, talk) as writer:
            writer.complete()
    with assembling.chat_model(settings) as model, assembling.searcher(settings, talk) as searcher:
        metrics = Metrics(papers=searcher.corpus.count)
        mending = Mending(home)
        desk = Desk(
            assembling.answering(searcher, model, support=TrainedSupport(), settings=settings),
            digesting(searcher, model, settings=settings),
            searcher,
            today=lambda timezone: today(home.path, timezone),
            limits=limits,
            at_once=limits.at_once_by_model if model else limits.at_once,
            metrics=metrics,
            degraded=mending.want,
        )
        feedback = Feedback(home.feedback)
        yield Opened(settings, desk, metrics, Ingesting(home), feedback, mending)


def today(home: Path, timezone: str | None) -> date:
    """Give the day, which moves on while a server runs; in a time zone, or as the settings have it.

    Raises:
        QuestionError: There is no such time zone.
    """
    if timezone is None:
        return Settings.read(home=home).today
    try:
        return Settings.read({**os.environ, "FOOTNOTE_TIMEZONE": timezone}, home=home).today
    except SettingError as error:
        raise QuestionError(
            f"`{timezone[:60]}` is no time zone",
            hint="give a name such as `Europe/Vienna` or `UTC`, or none",
        ) from error

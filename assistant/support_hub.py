"""Support as a model of the hub scores it: HHEM, MiniCheck, LettuceDetect, or one for inference.

A literal quote needs no model. All else is scored by each source alone and, where there are
several, by all of them together; the best counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from assistant.errors import SupportError
from assistant.hub_model import HubModel
from assistant.support import MOST, Judgement, Source
from assistant.support_windows import Window, nearest, runs, settled, told_once, whole, windows
from index.passages import with_title

LOW, HIGH = 0.1, 0.5
"""The thresholds unless others are given. From `HIGH` on, the authors of these models take a claim
for supported; how many supported claims lie below `LOW` differs and is not known."""

LEAST = 16
"""Tokens of a source that must fit beside a claim."""


class HubSupport:
    """Has a model of the hub score a claim by windows of its sources."""

    def __init__(self, model: HubModel, *, low: float = LOW, high: float = HIGH) -> None:
        """Score with `model`; see `Support` for `low` and `high`."""
        self._model = model
        self.low, self.high = low, high

    @property
    def name(self) -> str:
        """The model's on the hub, or its folder."""
        return self._model.name

    @classmethod
    def load(cls, name: str, *, low: float = LOW, high: float = HIGH) -> Self:
        """Load a model by its name on the hub, or from a folder.

        Raises:
            SupportError: It cannot be loaded.
        """
        return cls(HubModel.load(name), low=low, high=high)

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        """Score a claim, which is never parted, by the window that supports it best.

        Raises:
            SupportError: The claim does not fit the model's window, or the model fails.
        """
        return self.judge_all([(claim, sources)])[0]

    def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
        """Judge many claims; the model reads in batches, and nothing twice."""
        judged = [settled(*each) for each in claims]
        views = [
            [] if known else list(self._views(*each))
            for known, each in zip(judged, claims, strict=True)
        ]
        asked = [
            (view.text, claim)
            for (claim, _), each in zip(claims, views, strict=True)
            for view in each
        ]
        pairs = list(dict.fromkeys(asked))
        supports = dict(zip(pairs, self._model.supports(pairs), strict=True)) if pairs else {}
        return [
            known
            or max(
                (_judgement(supports[view.text, claim], claim, view, sources) for view in each),
                key=lambda judgement: judgement.support,
            )
            for known, (claim, sources), each in zip(judged, claims, views, strict=True)
        ]

    def _views(self, claim: str, sources: Sequence[Source]) -> Sequence[_View]:
        """Give what the model reads: windows of each source alone, and of all together."""
        room = self._model.limit - self._model.tokens("", claim)
        if room < LEAST:
            raise SupportError(
                f"A claim of {len(claim)} characters does not fit the {self._model.limit} tokens "
                f"that `{self._model.name}` reads: `{claim[:80]}…`",
                hint="part the claim into sentences, or judge with a scorer that reads more",
            )
        places = told_once(sources)
        groups = [[place] for place in places] + ([places] if len(places) > 1 else [])
        return [view for group in groups for view in self._windows(claim, sources, group)]

    def _windows(self, claim: str, sources: Sequence[Source], places: Sequence[int]) -> list[_View]:
        limit = self._model.limit
        titled = all(
            self._model.tokens(with_title(sources[place].title, ""), claim) + LEAST <= limit
            for place in places
        )

        def text(window: Window) -> str:
            return "\n".join(
                with_title(sources[place].title, held) if titled and sources[place].title else held
                for place, held in runs(window, sources)
            )

        def fits(window: Window) -> bool:
            return self._model.tokens(text(window), claim) <= limit

        found = windows(whole(sources, places), sources, fits=fits)
        return [_View(window, text(window)) for window in found]


@dataclass(frozen=True)
class _View:
    """A window of sources as the model reads it."""

    window: Window
    text: str


def _judgement(support: float, claim: str, view: _View, sources: Sequence[Source]) -> Judgement:
    piece = nearest(claim, view.window, sources)
    return Judgement(min(support, MOST), piece.source, piece.start, piece.end)

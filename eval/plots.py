"""Plots as coordinates, each with its text alternative; the templates draw them as inline SVG.

All axes run from 0 to 1 but that of the papers looked at. Coordinates are in units of the drawing,
y downwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEFT, TOP, SIDE_X, SIDE_Y = 34.0, 14.0, 270.0, 190.0
"""Where the field of a plot begins, and how large it is."""

TICKS = (0.0, 0.5, 1.0)

DEPTHS = (1, 5, 10, 20)
"""Numbers of papers that the recall curve names."""

DECLINED = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Shares of answerable questions declined at which the declining curve is told in numbers."""


@dataclass(frozen=True)
class Dot:
    """A point that stands out."""

    x: float
    y: float
    label: str = ""
    radius: float = 2.5
    labelled: str = "below"
    """Where its label stands: `below`, `right` or `right-below` of it."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A curve and its words."""

    title: str
    said: str
    """What the curve says, for a reader who does not see it."""
    across: str
    """What the x axis is."""
    upwards: str
    """What the y axis is."""
    path: str
    """As the `d` of an SVG path."""
    dots: tuple[Dot, ...]
    x_ticks: tuple[Tick, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The numbers as a table."""
    diagonal: bool = False
    """Whether the line is drawn on which both axes are alike."""

    @property
    def y_ticks(self) -> tuple[Tick, ...]:
        """The places on the y axis."""
        return tuple(Tick(_y(tick), f"{tick:g}") for tick in TICKS)


def plots(report: Mapping[str, Any], agreements: Sequence[Mapping[str, Any]]) -> tuple[Plot, ...]:
    """Give the plots that a report has the numbers for, and one for each agreement."""
    curves, found = report["curves"], []
    if curves["recall"]:
        found.append(recall_plot(curves["recall"]))
    if curves["declining"]:
        found.append(declining_plot(curves["declining"], report["metrics"]))
    found += [reliability_plot(each) for each in agreements if each["reliability"]]
    return tuple(found)


def recall_plot(curve: Sequence[Sequence[float]]) -> Plot:
    """Draw recall by the number of papers looked at."""
    most = max(curve[-1][0], 2)

    def across(depth: float) -> float:
        return _x((depth - 1) / (most - 1))

    recalls = {int(depth): recall for depth, recall in curve}
    named = [depth for depth in DEPTHS if depth in recalls]
    return Plot(
        title="Finding the right papers",
        said="; ".join(f"{recalls[n]:.3f} of the right papers in the first {n}" for n in named),
        across="papers looked at",
        upwards="share of the right papers",
        path=_path([(across(depth), _y(recall)) for depth, recall in curve]),
        dots=tuple(
            Dot(
                across(n),
                _y(recalls[n]),
                f"{recalls[n]:.3f}",
                labelled="right-below" if n == 1 else "below",
            )
            for n in named
        ),
        x_ticks=tuple(Tick(across(n), str(n)) for n in named),
        heads=("papers", "recall"),
        rows=tuple((f"{n}", f"{recall:.3f}") for n, recall in recalls.items()),
    )


def declining_plot(curve: Sequence[Sequence[float]], metrics: Mapping[str, Any]) -> Plot:
    """Draw what thresholds decline: of the unanswerable questions over the answerable ones."""
    told = [(share, _declined_at(curve, share)) for share in DECLINED]
    answered, declined = (
        (metrics.get(name) or {}).get("mean")
        for name in ("answerable_answered", "unanswerable_declined")
    )
    dots = []
    if answered is not None and declined is not None:
        dots.append(Dot(_x(1 - answered), _y(declined), "in use", labelled="right", radius=4))
    return Plot(
        title="What another threshold would decline",
        said="; ".join(
            f"where {share:.0%} of the answerable questions are declined, {found:.0%} of the "
            f"unanswerable ones are"
            for share, found in told
        ),
        across="answerable questions declined",
        upwards="unanswerable ones declined",
        path=_path([(_x(wrongly), _y(rightly)) for _, wrongly, rightly in curve]),
        dots=tuple(dots),
        x_ticks=tuple(Tick(_x(tick), f"{tick:g}") for tick in TICKS),
        heads=("answerable declined, at most", "unanswerable declined"),
        rows=tuple((f"{share:g}", f"{found:.3f}") for share, found in told),
        diagonal=True,
    )


def reliability_plot(agreement: Mapping[str, Any]) -> Plot:
    """Draw the share of claims that people call supported over what the scorer says of them."""
    points = agreement["reliability"]
    most = max(point["count"] for point in points)
    return Plot(
        title=f"How far the scorer can be believed, on {agreement['set']}",
        said="; ".join(
            f"of {point['count']} claims scored about {point['support']:.2f}, people call "
            f"{point['supported']:.0%} supported"
            for point in points
        ),
        across="support, as the scorer says",
        upwards="supported, as people say",
        path=_path([(_x(point["support"]), _y(point["supported"])) for point in points]),
        dots=tuple(
            Dot(
                _x(point["support"]),
                _y(point["supported"]),
                radius=1.5 + 2.5 * (point["count"] / most) ** 0.5,
            )
            for point in points
        ),
        x_ticks=tuple(Tick(_x(tick), f"{tick:g}") for tick in TICKS),
        heads=("said", "found", "claims"),
        rows=tuple(
            (f"{point['support']:.3f}", f"{point['supported']:.3f}", str(point["count"]))
            for point in points
        ),
        diagonal=True,
    )


def _declined_at(curve: Sequence[Sequence[float]], most: float) -> float:
    """Give the share of unanswerable ones declined where at most so many answerable ones are."""
    return max((rightly for _, wrongly, rightly in curve if wrongly <= most), default=0.0)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in dict.fromkeys(points))


def _x(share: float) -> float:
    return round(LEFT + SIDE_X * share, 1)


def _y(share: float) -> float:
    return round(TOP + SIDE_Y * (1 - share), 1)

"""Agreement as a person reads it in a terminal: every line legible without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.agreement import Agreement
from eval.agreement_metrics import Estimates, Part
from eval.resampling import Estimate

NAMES = {
    "balanced_accuracy": "balanced accuracy, threshold of the other half",
    "balanced_accuracy_low": "… supported from `low` on",
    "balanced_accuracy_high": "… supported from `high` on",
    "auroc": "AUROC",
    "within_pairs": "right one of a pair scores higher",
    "f1_unsupported_low": "F1 of unsupported, those below `low`",
    "f1_unsupported_high": "… those below `high`",
    "removed": "supported ones removed (below `low`)",
    "found": "unsupported ones found there",
    "found_at_3_removed": "… where 3 % of the supported are removed",
    "unchecked": "unchecked (from `low` to `high`)",
    "right_of_supported": "supported ones of those from `high` on",
    "calibration_error": "calibration error",
    "good": "good answers (every sentence supported)",
    "kappa_low": "kappa, supported from `low` on",
    "kappa_high": "… from `high` on",
}
"""What each metric is called."""

PART_COLUMNS = {
    "balanced_accuracy": "balanced",
    "auroc": "AUROC",
    "within_pairs": "in pairs",
    "removed": "removed",
    "found": "found",
    "found_or_unchecked": "or unchecked",
}
"""The metrics of parts that are shown, and their headings."""

WIDTH = 48
BAR = 30
"""Characters of a bar that is 1."""


def print_agreements(agreements: Sequence[Agreement]) -> None:
    """Print all that was measured on a file, or a line for each of several."""
    for line in lines(agreements[0]) if len(agreements) == 1 else overview(agreements):
        print(line)


def lines(agreement: Agreement) -> Iterator[str]:
    """Write all that was measured on a file, line by line."""
    yield (
        f"{agreement.name}: {agreement.supported} supported and {agreement.unsupported} "
        f"unsupported claims about {agreement.groups} sources"
    )
    yield f"{agreement.scorer}, low {agreement.low:g}, high {agreement.high:g}"
    yield ""
    yield f"{'':<{WIDTH}}{'scorer':<24}word overlap"
    yield from _estimates(agreement.metrics, beside=agreement.floor)
    yield from _others(agreement)
    if agreement.answers:
        yield from ("", "Whole answers, as good as their weakest sentence")
        yield from _estimates(agreement.answers)
    for title, parts in (("By type", agreement.by_type), ("By wording", agreement.by_wording)):
        if parts:
            yield from ("", *_parts(title, parts))
    yield from ("", *_reliability(agreement))
    yield from _metamorphic(agreement)
    yield from (f"! {remark}" for remark in agreement.findings.remarks())


def overview(agreements: Sequence[Agreement]) -> Iterator[str]:
    """Write a line for each file."""
    yield (
        f"{'set':<26}{'claims':>7}{'sources':>9}  {'balanced accuracy':<23}{'AUROC':<23}"
        f"{'in pairs':<23}{'removed':<23}{'found':<9}overlap: balanced, AUROC"
    )
    for each in agreements:
        metrics = each.metrics
        yield (
            f"{each.name:<26}{each.supported + each.unsupported:>7}{each.groups:>9}  "
            f"{_shown(metrics['balanced_accuracy']):<23}{_shown(metrics['auroc']):<23}"
            f"{_shown(metrics['within_pairs']):<23}{_shown(metrics['removed']):<23}"
            f"{_short(metrics['found']):<9}"
            f"{_short(each.floor['balanced_accuracy'])}, {_short(each.floor['auroc'])}"
        )
    for each in agreements:
        if each.metamorphic:
            yield from ("", each.name, *_metamorphic(each))


def _metamorphic(agreement: Agreement) -> Iterator[str]:
    for check in agreement.metamorphic:
        title = f"verdicts kept, {check.change}"
        moved = f"support moved by {check.largest_move:.3f} at most"
        yield f"{title:<{WIDTH}}{check.verdicts!s:<24}{moved}"


def _estimates(metrics: Estimates, beside: Estimates | None = None) -> Iterator[str]:
    for name, title in NAMES.items():
        if estimate := metrics.get(name):
            other = _shown((beside or {}).get(name))
            yield f"{title:<{WIDTH}}{estimate!s:<24}{'' if other == '-' else other}".rstrip()


def _others(agreement: Agreement) -> Iterator[str]:
    """Write what people and other systems reach."""
    if agreement.human:
        yield f"{'a second person, balanced accuracy':<{WIDTH}}{agreement.human}"
    if agreement.published:
        yield from ("", "Published by others")
    for figure in agreement.published:
        title = f"{figure.system}, {figure.measure.replace('_', ' ')}"
        differs = f" ({figure.differs})" if figure.differs else ""
        yield f"{title:<{WIDTH}}{figure.value:.3f}{differs}"


def _parts(title: str, parts: Sequence[Part]) -> Iterator[str]:
    shown = {
        name: heading
        for name, heading in PART_COLUMNS.items()
        if any(part.metrics[name] for part in parts)
    }
    headings = "".join(f"{heading:>14}" for heading in shown.values())
    yield f"{title:<30}{'right':>6}{'wrong':>7}{headings}"
    for part in parts:
        values = "".join(f"{_short(part.metrics[name]):>14}" for name in shown)
        yield f"{part.name:<30}{part.supported:>6}{part.unsupported:>7}{values}"


def _reliability(agreement: Agreement) -> Iterator[str]:
    """Draw the share of supported claims against what the scorer said."""
    yield f"{'Said':<8}{'found':<8}claims"
    for point in agreement.reliability:
        bar = "█" * round(BAR * point.supported)
        yield f"{point.support:<8.2f}{point.supported:<8.2f}{point.count:<8}{bar}".rstrip()


def _shown(estimate: Estimate | None) -> str:
    return str(estimate) if estimate else "-"


def _short(estimate: Estimate | None) -> str:
    return f"{estimate.value:.3f}" if estimate else "-"

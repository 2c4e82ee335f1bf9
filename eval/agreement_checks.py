"""Checks of a labelled file: what makes its figures worth less than they seem."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from eval.agreement_files import LabelledClaim, LabelledSet
from eval.fingerprints import fingerprint

SHOWN = 5
"""Lines or groups that a remark names."""


@dataclass(frozen=True)
class Seen:
    """How much of a file the shipped scorer was trained on."""

    sources: int
    of_sources: int
    claims: int
    of_claims: int


@dataclass(frozen=True)
class Findings:
    """What the checks found; lines are those of the file."""

    doubled: tuple[int, ...]
    """Lines whose source, claim and label stand in an earlier one."""
    contradicted: tuple[int, ...]
    """Lines whose source and claim stand in another with the other label."""
    odd_pairs: tuple[str, ...]
    """Pairs that lack a right claim or a wrong one."""
    split_groups: tuple[str, ...]
    """Groups that stand in several splits."""
    seen: Seen | None
    """None if nothing is known of the training."""

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape: counts, and the first lines or names of each kind."""
        told: dict[str, Any] = {
            "doubled": _counted(self.doubled),
            "contradicted": _counted(self.contradicted),
            "odd_pairs": _counted(self.odd_pairs),
            "groups_in_several_splits": _counted(self.split_groups),
        }
        return told | {"seen_in_training": vars(self.seen) if self.seen else None}

    def remarks(self) -> list[str]:
        """Say what was found, a sentence each."""
        found = (
            (self.doubled, "repeat an earlier claim of the same source: line"),
            (self.contradicted, "have both labels for one claim of one source: line"),
            (self.odd_pairs, "pairs lack a right or a wrong claim:"),
            (self.split_groups, "groups stand in several splits:"),
        )
        said = [f"{len(some)} {what} {_first(some)}" for some, what in found if some]
        if self.seen and (self.seen.sources or self.seen.claims):
            said.append(
                f"the scorer was trained on {self.seen.sources} of its {self.seen.of_sources} "
                f"sources and {self.seen.claims} of its {self.seen.of_claims} claims"
            )
        return said


def check(labelled: LabelledSet, *, seen: frozenset[str] | None) -> Findings:
    """Look for doubles, contradictions, incomplete pairs and leaks.

    Args:
        labelled: What is to be measured.
        seen: Fingerprints of what the scorer was trained on; None if they are not known.
    """
    claims = labelled.claims
    whole = _members(claims, lambda claim: (claim.text, claim.claim, claim.supported))
    said = _members(claims, lambda claim: (claim.text, claim.claim))
    pairs = _members((claim for claim in claims if claim.pair), lambda claim: claim.pair)
    groups = _members((claim for claim in claims if claim.split), lambda claim: claim.group)
    return Findings(
        doubled=tuple(sorted(claim.line for same in whole.values() for claim in same[1:])),
        contradicted=tuple(
            sorted(claim.line for same in said.values() if _both(same) for claim in same)
        ),
        odd_pairs=tuple(str(name) for name, same in pairs.items() if not _both(same)),
        split_groups=tuple(
            str(name) for name, same in groups.items() if len({each.split for each in same}) > 1
        ),
        seen=None if seen is None else _seen(claims, seen),
    )


def unseen(labelled: LabelledSet, *, seen: frozenset[str]) -> LabelledSet:
    """Leave out the claims that were trained on, and those about a source that was."""
    claims = tuple(
        claim
        for claim in labelled.claims
        if fingerprint(claim.claim) not in seen and not _is_seen(claim.title, claim.text, seen)
    )
    return replace(labelled, claims=claims)


def _is_seen(title: str, text: str, seen: frozenset[str]) -> bool:
    """Tell whether a source was trained on, with its title or without."""
    return not seen.isdisjoint({fingerprint(text), fingerprint(f"{title}\n{text}")})


def _seen(claims: Iterable[LabelledClaim], seen: frozenset[str]) -> Seen:
    """Count distinct texts."""
    sources = {(claim.title, claim.text) for claim in claims}
    texts = {claim.claim for claim in claims}
    return Seen(
        sources=sum(_is_seen(title, text, seen) for title, text in sources),
        of_sources=len(sources),
        claims=sum(fingerprint(text) in seen for text in texts),
        of_claims=len(texts),
    )


def _members(
    claims: Iterable[LabelledClaim], key: Callable[[LabelledClaim], Hashable]
) -> dict[Hashable, list[LabelledClaim]]:
    found: dict[Hashable, list[LabelledClaim]] = {}
    for claim in claims:
        found.setdefault(key(claim), []).append(claim)
    return found


def _both(claims: Iterable[LabelledClaim]) -> bool:
    """Whether there are supported and unsupported ones."""
    return len({claim.supported for claim in claims}) == 2


def _counted(found: tuple[int, ...] | tuple[str, ...]) -> dict[str, Any]:
    return {"count": len(found), "first": list(found[:SHOWN])}


def _first(found: tuple[int, ...] | tuple[str, ...]) -> str:
    named = ", ".join(map(str, found[:SHOWN]))
    return f"{named}, …" if len(found) > SHOWN else named

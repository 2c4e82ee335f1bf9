"""Families of models that score a claim by a text: how each is asked, and what it answers.

The forms are those that the models were trained with, as their authors publish them; another blank
or label gives another score. All sizes of a family are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

HHEM = "Determine if the hypothesis is true given the premise?"
MINICHECK_T5 = (3, 209)
"""Places in T5's vocabulary of what MiniCheck begins its answer with: `0` (no), and `1` (yes)."""


class Family(Protocol):
    """One way to ask."""

    @property
    def auto(self) -> str:
        """The class of transformers that loads its models."""
        ...

    def asked(self, text: str, claim: str, *, end: str) -> tuple[str, ...]:
        """Write what the tokenizer is given: one text, or two that it joins.

        Args:
            end: The tokenizer's mark for the end of a text.
        """
        ...

    def supports(self, model: Any, read: Any) -> Any:
        """Give a tensor (texts,) of supports, from 0 to 1, for a batch that the tokenizer read."""
        ...


@dataclass(frozen=True)
class Entailment:
    """A cross-encoder for natural language inference: premise and hypothesis, one label each."""

    label: int
    """The place of `entailment` among the labels; it differs from model to model."""
    auto = "AutoModelForSequenceClassification"

    def asked(self, text: str, claim: str, *, end: str) -> tuple[str, ...]:
        """Give premise and hypothesis."""
        return text, claim

    def supports(self, model: Any, read: Any) -> Any:
        """Give the probability of entailment."""
        return model(**read).logits.softmax(-1)[:, self.label]


@dataclass(frozen=True)
class MiniCheck:
    """MiniCheck's encoders: one text, the claim behind the mark for the end; label 1 is yes."""

    auto = "AutoModelForSequenceClassification"

    def asked(self, text: str, claim: str, *, end: str) -> tuple[str, ...]:
        """Join text and claim."""
        return (f"{text}{end}{claim}",)

    def supports(self, model: Any, read: Any) -> Any:
        """Give the probability of label 1."""
        return model(**read).logits.softmax(-1)[:, 1]


@dataclass(frozen=True)
class MiniCheckT5:
    """MiniCheck's Flan-T5: it writes `1` or `0`, of which the first token tells."""

    auto = "AutoModelForSeq2SeqLM"

    def asked(self, text: str, claim: str, *, end: str) -> tuple[str, ...]:
        """Join text and claim behind the name of the task."""
        return (f"predict: {text}{end}{claim}",)

    def supports(self, model: Any, read: Any) -> Any:
        """Give the probability of `1` against `0`."""
        begun = read["input_ids"].new_full(
            (len(read["input_ids"]), 1), model.config.decoder_start_token_id
        )
        logits = model(**read, decoder_input_ids=begun).logits[:, 0]
        return logits[:, list(MINICHECK_T5)].softmax(-1)[:, 1]


@dataclass(frozen=True)
class Hhem:
    """HHEM-2.1-Open: T5's encoder, a label for each token of which the first counts."""

    auto = "T5ForTokenClassification"

    def asked(self, text: str, claim: str, *, end: str) -> tuple[str, ...]:
        """Write the prompt; what it begins with is the token whose label counts."""
        return (f"<pad> {HHEM}\n\nPremise: {text}\n\nHypothesis: {claim}",)

    def supports(self, model: Any, read: Any) -> Any:
        """Give the probability of label 1, `consistent`, of the first token."""
        return model(**read).logits[:, 0].softmax(-1)[:, 1]


@dataclass(frozen=True)
class LettuceDetect:
    """LettuceDetect: a label for each token of the claim, whether it is made up."""

    label: int = 1
    """The place of the label for what is made up."""
    auto = "AutoModelForTokenClassification"

    def asked(self, text: str, claim: str, *, end: str) -> tuple[str, ...]:
        """Give the task to summarise the text, and the claim as its answer."""
        return f"\nSummarize the following text:\npassage 1: {text}\noutput:\n", claim

    def supports(self, model: Any, read: Any) -> Any:
        """Give 1 less the probability of the claim's token that is most likely made up."""
        made_up = model(**read).logits.softmax(-1)[..., self.label]
        claimed = [[part == 1 for part in read.sequence_ids(n)] for n in range(len(made_up))]
        return 1 - made_up.masked_fill(~made_up.new_tensor(claimed).bool(), 0).amax(-1)


def family_of(config: Mapping[str, Any], *, name: str) -> Family | None:
    """Tell the family by a model's `config.json` and its name; None if it is none of these."""
    kinds = " ".join(config.get("architectures") or [])
    named = f"{name} {config.get('_name_or_path') or ''}".lower()
    labels = _labels(config)
    if "HHEMv2" in kinds or str(config.get("model_type")).startswith("HHEMv2"):
        return Hhem()
    if "minicheck" in named:
        if "T5ForConditionalGeneration" in kinds:
            return MiniCheckT5()
        if "ForSequenceClassification" in kinds and len(labels) == 2:
            return MiniCheck()
    if "ForSequenceClassification" in kinds and (found := _places(labels, "entail")):
        return Entailment(found[0])
    if "ForTokenClassification" in kinds and len(labels) == 2:
        found = _places(labels, "halluc")
        if found or "lettuce" in named:
            return LettuceDetect(*found[:1])
    return None


def _labels(config: Mapping[str, Any]) -> dict[int, str]:
    """Give the labels by their places; a configuration that names none has two."""
    named = config.get("id2label") or {"0": "LABEL_0", "1": "LABEL_1"}
    return {int(place): str(label).lower() for place, label in named.items()}


def _places(labels: Mapping[int, str], start: str) -> list[int]:
    return [place for place, label in labels.items() if label.startswith(start)]

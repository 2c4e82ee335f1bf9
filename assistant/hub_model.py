"""A model of the hub, loaded by its name or folder: texts and claims in, a support each out.

Nothing that a model brings with it is run but its weights: code of its own is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from threading import Lock
from typing import Any, Self

from assistant.errors import SupportError
from assistant.hub_families import Family, Hhem, LettuceDetect, family_of

Pair = tuple[str, str]
"""A text, and the claim that it may support."""

BATCH = 16_384
"""Tokens read at once, padding included; an input that is longer is read alone."""

ENDLESS = 1_000_000
"""A tokenizer whose limit is this or more tells none."""

SHIFTED = frozenset(["camembert", "data2vec-text", "mpnet", "roberta", "xlm-roberta", "xmod"])
"""Kinds of models that count positions from behind the padding token's place."""

LONGEST = 200
"""Characters of what a library says that an error repeats."""

FOUNDATION = "google/flan-t5-base"
"""What HHEM was made of, and has its tokenizer from."""

NAMED = "give the name of a model on the hub, or of a folder that holds one"
FAMILIES = "name a model of HHEM, MiniCheck or LettuceDetect, or one for natural language inference"


class HubModel:
    """Scores claims by texts that fit its window; several threads may use it, one at a time."""

    def __init__(self, name: str, family: Family, tokenizer: Any, model: Any) -> None:
        """Use `load` instead."""
        self.name = name
        """On the hub, or of its folder."""
        self.limit = _limit(model.config, tokenizer)
        """Tokens that text and claim may have together, with what the family puts around them."""
        self._family = family
        self._tokenizer = tokenizer
        self._model = model
        self._lock = Lock()
        marks = sorted(tokenizer.all_special_tokens, key=len, reverse=True)
        self._marks = re.compile("|".join(map(re.escape, marks)) or "(?!)")

    @classmethod
    def load(cls, name: str, *, device: str | None = None) -> Self:
        """Load a model from a folder or, if it is not there yet, from the hub.

        Args:
            device: Such as `cpu` or `cuda:1`; else the first GPU, if there is one.

        Raises:
            SupportError: A package or the model is missing, or it is of no family known here.
        """
        if name.startswith(("/", ".", "~")):
            name = str(Path(name).expanduser())
            if not Path(name).is_dir():
                raise SupportError(f"There is no folder `{name}`", hint=NAMED)
        with _loading(name):
            return cls(name, *_loaded(name, device))

    def tokens(self, text: str, claim: str) -> int:
        """Count the tokens of what the model would be given."""
        return len(self._tokenizer(*self._asked(text, claim), verbose=False)["input_ids"])

    def supports(self, pairs: Sequence[Pair]) -> list[float]:
        """Give how far each text supports its claim, from 0 to 1.

        Raises:
            SupportError: The model gives something else.
        """
        asked = [self._asked(*pair) for pair in pairs]
        supports: dict[int, float] = {}
        for places in self._batches(pairs):
            read = self._read([asked[place] for place in places])
            supports.update(zip(places, read, strict=True))
        for place, support in supports.items():
            if not (isfinite(support) and 0 <= support <= 1):
                raise SupportError(
                    f"`{self.name}` gives `{pairs[place][1]}` a support of {support}",
                    hint="judge with another scorer: its weights may be damaged",
                )
        return [supports[place] for place in range(len(pairs))]

    def _asked(self, text: str, claim: str) -> tuple[str, ...]:
        """Write what the tokenizer is given, with no mark of its own in what others wrote."""
        harmless = [
            self._marks.sub(lambda mark: f"{mark[0][0]} {mark[0][1:]}", each)
            .encode(errors="replace")
            .decode()
            for each in (text, claim)
        ]
        return self._family.asked(*harmless, end=self._tokenizer.eos_token or "")

    def _batches(self, pairs: Sequence[Pair]) -> Iterator[list[int]]:
        """Put inputs of about the same length together; give their places."""
        lengths = [self.tokens(*pair) for pair in pairs]
        batch: list[int] = []
        for place in sorted(range(len(pairs)), key=lengths.__getitem__):
            if batch and lengths[place] * (len(batch) + 1) > BATCH:
                yield batch
                batch = []
            batch.append(place)
        if batch:
            yield batch

    def _read(self, asked: Sequence[tuple[str, ...]]) -> list[float]:
        import torch

        columns = map(list, zip(*asked, strict=True))
        with self._lock, torch.inference_mode():
            read = self._tokenizer(*columns, padding=True, return_tensors="pt", verbose=False)
            supports = self._family.supports(self._model, read.to(self._model.device))
            return [float(support) for support in supports.float().cpu()]


def _loaded(name: str, device: str | None) -> tuple[Family, Any, Any]:
    """Give family, tokenizer and model."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import torch
    import transformers

    config, _ = transformers.PreTrainedConfig.get_config_dict(name)
    family = family_of(config, name=name)
    if family is None:
        kind = ", ".join(config.get("architectures") or ["none"])
        raise SupportError(
            f"`{name}` is no scorer of support that is known here: its class is `{kind}`, its "
            f"labels are {_told(config.get('id2label'))}",
            hint=f"{FAMILIES}, whose `config.json` calls a label `entailment`",
        )
    foundation = name
    options: dict[str, Any] = {}
    if isinstance(family, Hhem):  # its weights are those of T5's encoder, one level deeper
        foundation = config.get("foundation") or FOUNDATION
        options = {
            "config": transformers.AutoConfig.from_pretrained(foundation, trust_remote_code=False),
            "key_mapping": {r"^t5\.": ""},
        }
    tokenizer = transformers.AutoTokenizer.from_pretrained(foundation, trust_remote_code=False)
    if isinstance(family, LettuceDetect) and not tokenizer.is_fast:
        raise ValueError("its tokenizer does not tell the claim's tokens")
    if family.auto.startswith("Auto"):
        options["trust_remote_code"] = False
    model, found = getattr(transformers, family.auto).from_pretrained(
        name, dtype=torch.float32, output_loading_info=True, **options
    )
    if found["missing_keys"] or found["mismatched_keys"]:
        lacking = sorted([*found["missing_keys"], *(key for key, *_ in found["mismatched_keys"])])
        raise ValueError(f"it lacks the weights `{lacking[0]}`, {len(lacking)} in all")
    there = device or ("cuda" if torch.cuda.is_available() else "cpu")
    return family, tokenizer, model.eval().to(there)


@contextmanager
def _loading(name: str) -> Iterator[None]:
    """Say in our words what fails."""
    try:
        yield
    except ImportError as error:
        package = (error.name or "more packages").partition(".")[0]
        raise SupportError(
            f"The scorer `{name}` needs {package}, not installed here",
            hint="run `pip install 'footnote[hub]'`",
        ) from error
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        why = " ".join(str(error).split()).partition(". ")[0][:LONGEST]
        raise SupportError(f"transformers cannot load `{name}`: {why}", hint=NAMED) from error


def _limit(config: Any, tokenizer: Any) -> int:
    """Give how many tokens a model reads; where nothing tells it, as many as most do."""
    limits = [tokenizer.model_max_length]
    if positions := getattr(config, "max_position_embeddings", None):
        shift = config.pad_token_id + 1 if config.model_type in SHIFTED else 0
        limits.append(positions - shift)
    return min([int(limit) for limit in limits if 0 < limit < ENDLESS], default=512)


def _told(labels: Mapping[str, str] | None) -> str:
    return ", ".join(f"`{label}`" for label in (labels or {}).values()) or "none"

"""The mixture that is trained on: blocks of every kind, drawn anew for each step."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from random import Random

from assistant.support_evidence import SENTENCES
from eval.training.support import paraphrases, public, written
from eval.training.support.edits import Surroundings, lightly, wrongly
from eval.training.support.examples import Block, Example
from eval.training.support.titles import with_title
from index.passages import sentence_spans

SHARES = {"written": 0.5, "edited": 0.25, "reworded": 0.15, "public": 0.1}
"""Of what is drawn; blocks of public sets hold one claim each, and are drawn PUBLIC at once."""

PUBLIC = 10
AHEAD = 40
"""Blocks drawn at once, the public ones counted as one."""

STEP = 16_000
"""Characters of a step, about 3,600 tokens."""

MOST_OF_A_SET = 900
"""Blocks beyond which a public set is drawn no more often for being larger."""

EACH = 4
"""Claims made of a template at once."""

MOST = 11
"""Claims read with the same evidence at once."""

DISTRACTED = 0.35
"""Share of written evidence that stands among sentences of another text."""

EDITED = 0.15
"""Share of written claims that are edited besides, rightly or wrongly."""

BESIDE = 0.25
"""Share of the evidence that is also read beside a claim about something else."""

WRITTEN_WEIGHT, EDITED_WEIGHT, BESIDE_WEIGHT = 0.6, 0.7, 0.5
LONGEST = 55
"""Words of a sentence that is edited."""

MERGED, MERGED_LONGEST = 0.35, 30
"""Share of edited sentences that two are made one of, and the most words of either."""

JOINTS = (", and ", ", while ", "; ", ", whereas ", ", and also ")


class Mixture:
    """Draws blocks."""

    def __init__(self, data: Path, *, seed: int = 0) -> None:
        """Read what is written, and of `data` what is not held out."""
        self._random = Random(seed)
        self._steps: list[list[Block]] = []
        self._items = written.written_items()
        self._papers = paraphrases.abstracts(data)
        self._public = public.blocks(data)
        self._texts = [
            *_sample(),
            *(list(paper.sentences) for paper in self._papers),
            *(list(item.evidence) for item in self._items),
            *(list(block.sentences) for set_ in self._public.values() for block in set_),
        ]

    def draw(self) -> list[Block]:
        """Draw the blocks of a step, which are of like length, so that padding wastes little."""
        if not self._steps:
            kinds: dict[str, Callable[[], list[Block]]] = {
                "written": lambda: [self._written()],
                "edited": lambda: [self._edited()],
                "reworded": lambda: [self._reworded()],
                "public": lambda: [self._of_a_set() for _ in range(PUBLIC)],
            }
            drawn = self._random.choices(list(SHARES), list(SHARES.values()), k=AHEAD)
            blocks = sorted((block for kind in drawn for block in kinds[kind]()), key=_length)
            while blocks:
                size = max(1, STEP // _length(blocks[-1]))
                self._steps.append(blocks[-size:])
                del blocks[-size:]
            self._random.shuffle(self._steps)
        return self._steps.pop()

    def _written(self) -> Block:
        random, item = self._random, self._random.choice(self._items)
        evidence = [*item.evidence]
        if random.random() < DISTRACTED:
            text = random.choice(self._texts)
            others = random.sample(text, min(len(text), random.choice((1, 2))))
            evidence = [*others, *evidence] if random.random() < 0.5 else [*evidence, *others]
        examples = []
        for example in written.claims(item, random, each=EACH):
            around = Surroundings(" ".join(item.evidence), (), self._elsewhere())
            again = example.supported and random.random() < EDITED
            if again and (edited := wrongly(example.text, around, random)):
                examples.append(Example(*edited, example.kin, WRITTEN_WEIGHT))
            if example.supported and random.random() < EDITED:
                example = Example(lightly(example.text, random), (), example.kin)
            examples.append(example)
        random.shuffle(examples)
        block = Block("", tuple(evidence), (*examples[:MOST], *self._beside_the_point()))
        return with_title(block, random, text=item.evidence, elsewhere=self._elsewhere())

    def _edited(self) -> Block:
        random, text = self._random, self._random.choice(self._texts)
        first = random.randrange(max(1, len(text) - SENTENCES))
        sentences = text[first : first + random.choice((2, 3, 4))]
        around = Surroundings(" ".join(sentences), text, self._elsewhere())
        examples = []
        for kin, sentence in enumerate(random.sample(sentences, min(2, len(sentences)))):
            if random.random() < MERGED:
                sentence = _merged(sentence, sentences, random)
            if len(sentence.split()) > LONGEST:
                continue
            for _ in range(2):
                true = lightly(sentence, random)
                examples.append(Example(true, (), kin, EDITED_WEIGHT))
                base = lightly(sentence, random) if random.random() < 0.6 else true
                if edited := wrongly(base, around, random):
                    examples.append(Example(*edited, kin, EDITED_WEIGHT))
        if not examples:
            return self._edited()
        block = Block("", tuple(sentences), (*examples, *self._beside_the_point()))
        return with_title(block, random, text=text, elsewhere=self._elsewhere())

    def _reworded(self) -> Block:
        paper, elsewhere = self._random.choice(self._papers), self._elsewhere()
        block = paraphrases.block(paper, self._random, elsewhere)
        return with_title(block, self._random, text=paper.sentences, elsewhere=elsewhere)

    def _of_a_set(self) -> Block:
        sizes = [min(len(blocks), MOST_OF_A_SET) for blocks in self._public.values()]
        (blocks,) = self._random.choices(list(self._public.values()), sizes)
        supported = self._random.random() < 0.5
        drawn = [self._random.choice(blocks) for _ in range(6)]
        alike = (block for block in drawn if block.examples[0].supported == supported)
        return next(alike, drawn[0])

    def _beside_the_point(self) -> list[Example]:
        """Make a claim about something else, now and then."""
        if self._random.random() >= BESIDE:
            return []
        if self._random.random() < 0.5:
            (claim, *_) = written.claims(self._random.choice(self._items), self._random, each=1)
            text = claim.text
        else:
            text = lightly(self._random.choice(self._random.choice(self._texts)), self._random)
        return [Example(text, None, weight=BESIDE_WEIGHT)]

    def _elsewhere(self) -> str:
        return " ".join(self._random.choice(self._texts))


def _sample() -> list[list[str]]:
    lines = files("index").joinpath("sample.jsonl").read_text(encoding="utf-8").splitlines()
    return [_sentences(json.loads(line)["abstract"]) for line in lines]


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def _merged(sentence: str, others: Sequence[str], random: Random) -> str:
    """Say with a sentence what another one says, as answers do; two long ones are left alone."""
    other = random.choice(others)
    if other == sentence or max(len(each.split()) for each in (sentence, other)) > MERGED_LONGEST:
        return sentence
    return sentence.rstrip(".!? ") + random.choice(JOINTS) + other[:1].lower() + other[1:]


def _length(block: Block) -> int:
    return len(block.evidence) + sum(len(example.text) for example in block.examples)

"""The writer of digests that is a language model; nothing is shown that the check refuses.

First each topic by itself, several at once, from its papers' abstracts: a line for each paper, and
a few sentences across them. Then the overview, from the sentences that passed the check. What a
model leaves out, or the check refuses, is quoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from assistant.answers import Statement, WrittenBy
from assistant.asked import Index
from assistant.chat_model import ChatModel, Message
from assistant.digest.groups import Group
from assistant.digest.quotes import OVERVIEW, SUMMARY, Quoted, Written, WrittenTopic
from assistant.drafting import LEAST_EVIDENCE, Draft, Outcome, too_small
from assistant.evidence import Given, harmless
from assistant.settings import Unsupported
from assistant.support import Support
from assistant.transcript import OVERHEAD
from index.search import Hit
from prompts import load

AT_ONCE = 8
"""Topics that are written at the same time: the server reads and writes them together."""

PAPERS = 8
"""Papers that a model is given at most for one part; small models lose count of more."""

LINE_TOKENS = 60
"""Of a line at most; thirty words are about 45."""

SUMMARY_TOKENS = 320
"""Of the sentences across a topic, and of the overview, at most."""

ORDER_TOKENS = 100
"""Kept free, since the order for a part lists papers and a label."""


class ModelDigestWriter:
    """Writes digests with one model; one scorer of support checks what it writes."""

    def __init__(
        self, model: ChatModel, support: Support, *, unsupported: Unsupported = "rewrite"
    ) -> None:
        """Make a writer; it may write several digests at once."""
        self._model = model
        self._support = support
        self._unsupported = unsupported

    @property
    def signature(self) -> WrittenBy:
        """What a digest tells of its writer."""
        names = ("digest", "digest_lines", "digest_overview", "section", "theme", "rewrite")
        versions = tuple((prompt.name, prompt.version) for prompt in map(load, names))
        return WrittenBy("model", self._model.name, versions)

    def write(self, index: Index, groups: Sequence[Group]) -> Written:
        """Write what the papers of each group say.

        Raises:
            WindowError: The model's window has no room for a single paper.
            ChatModelError: The server fails.
        """
        numbered = _numbered(groups)
        with ThreadPoolExecutor(AT_ONCE) as beside:
            drafted = list(beside.map(self._group, groups, numbered))
        overview, outcome = self._overview(groups, drafted, numbered)
        quoted = Quoted()
        topics = [
            _completed(index, group, each, quoted)
            for group, each in zip(groups, drafted, strict=True)
        ]
        outcomes = [outcome, *(each.outcome for each in drafted)]
        return Written(
            overview=overview or quoted.overview(index, groups),
            topics=tuple(topics),
            outcome=Outcome(
                sum(each.left_out for each in outcomes),
                sum(each.check_seconds for each in outcomes),
            ),
        )

    def _group(self, group: Group, papers: Mapping[int, Hit]) -> _Drafted:
        """Write the lines of a group, and the sentences across its first papers."""
        draft = Draft(self._model, self._support, papers, unsupported=self._unsupported)
        lines: dict[str, Statement] = {}
        summary: tuple[Statement, ...] = ()
        for place, portion in enumerate(self._portions(group, papers)):
            for statement in self._lines(draft, group, portion):
                lines.setdefault(statement.papers[0].id, statement)
            if place == 0 and group.named and len(portion) > 1:
                summary = tuple(self._summary(draft, group, portion))
        return _Drafted(summary, lines, draft.outcome)

    def _lines(
        self, draft: Draft, group: Group, papers: Mapping[int, Given]
    ) -> Iterator[Statement]:
        part = load("digest_lines").fill(numbers=_listed(papers))
        for statement in draft.statements(
            _messages(papers, group, part),
            sentences=len(papers),
            max_tokens=LINE_TOKENS * len(papers),
            numbers=tuple(papers),
        ):
            if len(statement.papers) == 1:
                yield statement

    def _summary(
        self, draft: Draft, group: Group, papers: Mapping[int, Given]
    ) -> Iterator[Statement]:
        part = load("theme").fill(numbers=_listed(papers), matter=harmless(group.label))
        return draft.statements(
            _messages(papers, group, part),
            sentences=SUMMARY[1],
            max_tokens=self._summary_tokens,
            numbers=tuple(papers),
        )

    def _overview(
        self,
        groups: Sequence[Group],
        drafted: Sequence[_Drafted],
        numbered: Sequence[Mapping[int, Hit]],
    ) -> tuple[tuple[Statement, ...], Outcome]:
        """Write the overview from what was said of the topics; nothing if nothing was."""
        papers = {number: hit for each in numbered for number, hit in each.items()}
        number_of = {hit.paper.id: number for number, hit in papers.items()}
        blocks: list[str] = []
        cited: set[int] = set()
        room = self._model.window - self._summary_tokens - 2 * OVERHEAD
        room -= self._model.count(_system().text) + ORDER_TOKENS
        for group, each in zip(groups, drafted, strict=True):
            said = each.summary if group.named else ()
            block = _block(group, said, number_of)
            if said and self._model.count("\n\n".join([*blocks, block])) <= room:
                blocks.append(block)
                cited.update(number_of[paper.id] for one in said for paper in one.papers)
        draft = Draft(self._model, self._support, papers, unsupported=self._unsupported)
        if not blocks:
            return (), draft.outcome
        order = load("digest_overview").fill(topics="\n\n".join(blocks))
        written = draft.statements(
            [_system(), Message("user", order)],
            sentences=OVERVIEW,
            max_tokens=self._summary_tokens,
            numbers=sorted(cited),
        )
        return tuple(written), draft.outcome

    @property
    def _summary_tokens(self) -> int:
        return min(SUMMARY_TOKENS, self._model.window // 4)

    def _portions(self, group: Group, papers: Mapping[int, Hit]) -> list[dict[int, Given]]:
        """Part the papers so that each part fits the window, whole abstracts where they can.

        Raises:
            WindowError: There is no room for a paper.
        """
        count = self._model.count
        room = self._model.window - max(LINE_TOKENS * PAPERS, self._summary_tokens) - ORDER_TOKENS
        room -= sum(count(each.text) + OVERHEAD for each in _messages({}, group, ""))
        if room < LEAST_EVIDENCE:
            raise too_small(self._model)
        portions: list[dict[int, Given]] = [{}]
        left = room
        for number, hit in papers.items():
            given = Given(hit, tuple(range(len(hit.vectors.sentences))))
            while given.places and count(given.fenced(number)) > room:
                given = replace(given, places=given.places[:-1])
            size = count(given.fenced(number))
            if portions[-1] and (size > left or len(portions[-1]) == PAPERS):
                portions.append({})
                left = room
            portions[-1][number] = given
            left -= size
        return [portion for portion in portions if portion]


@dataclass(frozen=True)
class _Drafted:
    """What a model wrote of a group and the check let pass."""

    summary: tuple[Statement, ...]
    lines: Mapping[str, Statement]
    """By the papers' ids."""
    outcome: Outcome


def _numbered(groups: Sequence[Group]) -> list[dict[int, Hit]]:
    """Number the papers that can be read, throughout the digest."""
    numbered: list[dict[int, Hit]] = []
    last = 0
    for group in groups:
        hits = [each.hit for each in group.papers if each.hit and len(each.hit.vectors.sentences)]
        numbered.append(dict(enumerate(hits, start=last + 1)))
        last += len(hits)
    return numbered


def _completed(index: Index, group: Group, drafted: _Drafted, quoted: Quoted) -> WrittenTopic:
    """Quote the papers of which nothing was written."""
    missing = [placed for placed in group.papers if placed.paper.id not in drafted.lines]
    quotes = quoted.lines(index, replace(group, papers=tuple(missing)))
    summary = drafted.summary or quoted.summary(index, group)
    return WrittenTopic(summary, {**quotes, **drafted.lines})


def _messages(papers: Mapping[int, Given], group: Group, part: str) -> list[Message]:
    fenced = "\n\n".join(given.fenced(number) for number, given in papers.items())
    text = load("section").fill(papers=fenced, subject=harmless(group.label), part=part)
    return [_system(), Message("user", text)]


def _system() -> Message:
    return Message("system", load("digest").fill())


def _listed(papers: Mapping[int, Given]) -> str:
    return ", ".join(map(str, papers))


def _block(group: Group, said: Sequence[Statement], numbers: Mapping[str, int]) -> str:
    """Give a topic with its sentences and their numbers, as a model reads them."""
    lines = [f"Topic: {harmless(group.label)}"]
    for each in said:
        marks = "".join(f"[{numbers[paper.id]}]" for paper in each.papers)
        lines.append(f"- {harmless(each.text)} {marks}")
    return "\n".join(lines)

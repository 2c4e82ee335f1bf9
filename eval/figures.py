"""The figures of retrieval, quoting and declining, each with its interval.

    python -m eval.figures --pages FOLDER --gold FOLDER [--as-of DATE]

`FOLDER` of pages is what `footnote ingest` reads; that of gold is described in `eval.gold`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from assistant.declining import THRESHOLD as DECLINING
from assistant.declining import answered_by
from assistant.quoting import Excerpt, QuotingWriter
from eval.conversations import Conversation, after_others, conversations, declined, follow_ups
from eval.gold import Asked, ask_all, corpus_of, questions, rank_of
from eval.intervals import Interval, interval
from eval.metrics.citing import relevant_cited
from eval.metrics.length import words
from eval.metrics.nuggets import Span, quoted, useful
from eval.metrics.retrieval import ndcg, recall
from index.papers import normalised_title
from index.search import Hit, Searcher

SHARES_DECLINED = (0.01, 0.02, 0.04, 0.06, 0.08)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today())
    arguments = parser.parse_args()
    pages = [path for path in sorted(arguments.pages.iterdir()) if path.suffix != ".md"]
    gold = questions(arguments.gold)
    with corpus_of(pages, as_of=arguments.as_of) as searcher:
        asked = ask_all(searcher, gold)
        if known := conversations(arguments.gold):
            print_conversations(searcher, known)
            print_another_subject(searcher, asked, known)
    answerable = [each for each in asked if each.question.kind == "answerable"]
    synthesis = [each for each in asked if each.question.kind == "synthesis"]
    print_retrieval(answerable, synthesis)
    print_quoting(answerable, synthesis)
    print_declining(asked)
    print_alone(answerable)
    for page in pages:
        with corpus_of([page], as_of=arguments.as_of) as searcher:
            print_small(page.name, ask_all(searcher, gold))


def print_retrieval(answerable: Sequence[Asked], synthesis: Sequence[Asked]) -> None:
    """Print how often, and how high, the right papers were found."""
    found = [(_titles(each.found.hits), each.question.papers) for each in answerable]
    print("\nRetrieval")
    _print("first", _mean(answerable, [recall(*each, depth=1) for each in found]))
    _print("in the first five", _mean(answerable, [recall(*each, depth=5) for each in found]))
    _print("nDCG@10", _mean(answerable, [ndcg(*each) for each in found]))
    shares = [_share_found(each, _titles(each.found.hits)) for each in synthesis]
    _print("synthesis: named papers in the first ten", _mean(synthesis, shares))


def print_quoting(answerable: Sequence[Asked], synthesis: Sequence[Asked]) -> None:
    """Print what the quotes hold of the evidence, as asked and at lengths of 80 and 110 words."""
    print("\nQuoting, retrieval in the loop")
    _print_quotes("as `ask` answers, declining too", answerable, QuotingWriter(), declining=True)
    for length in (80, 110):
        writer = _writer_of(answerable, length)
        _print_quotes(f"never declining, {length} words", answerable, writer, declining=False)
    for last in (4, 5):
        quotes = [_last_sentences(each, last) for each in answerable]
        _print_held(f"floor: the right abstract's last {last} sentences", answerable, quotes)
    writer = QuotingWriter()
    cited = [
        _share_found(each, _titles(_quotes(writer, each, each.found.hits))) for each in synthesis
    ]
    _print("synthesis: named papers cited", _mean(synthesis, cited))
    _print("same quotes for another question", _same_quotes(answerable))


def print_declining(asked: Sequence[Asked]) -> None:
    """Print the share declined of every kind, for several shares of answerable ones declined."""
    kinds = list(dict.fromkeys(each.question.kind for each in asked))
    scores = {kind: [] for kind in [*kinds, "own paper hidden"]}  # type: dict[str, list[float]]
    for each in asked:
        scores[each.question.kind].append(_score(each, each.found.hits))
        if each.question.kind == "answerable":
            scores["own paper hidden"].append(_score(each, _without_own(each)))
    print("\nDeclining: share declined, by threshold")
    print(f"  {'threshold':<12}" + "".join(f"{kind[:16]:>18}" for kind in scores))
    curve = [float(np.quantile(scores["answerable"], share)) for share in SHARES_DECLINED]
    for threshold in [*curve, DECLINING]:
        shares = [np.mean(np.array(values) < threshold) for values in scores.values()]
        name = f"{threshold:.4f}" + (" *" if threshold == DECLINING else "")
        print(f"  {name:<12}" + "".join(f"{share:>18.3f}" for share in shares))
    print("  * in use")


def print_conversations(searcher: Searcher, known: Sequence[Conversation]) -> None:
    """Print how often the turns after the first found their papers."""
    for own, name in ((False, "the papers that answer"), (True, "what the product itself cites")):
        print(f"\nFollow-ups, the answers before citing {name}")
        asked = [(each.id, turn) for each in known for turn in follow_ups(searcher, each, own=own)]
        clusters, turns = zip(*asked, strict=True)
        shares = [_share_found(turn, _titles(turn.found.hits[:5])) for turn in turns]
        figures: dict[str, Sequence[float]] = {
            "papers in the first five": shares,
            "all papers in the first five": [share == 1 for share in shares],
            "first": [rank_of(turn) == 1 for turn in turns],
            "declined": [declined(turn.found) for turn in turns],
        }
        for figure, values in figures.items():
            _print(figure, interval(values, clusters))


def print_another_subject(
    searcher: Searcher, asked: Sequence[Asked], known: Sequence[Conversation]
) -> None:
    """Print what becomes of questions that stand alone, asked after something else."""
    print("\nQuestions asked after a conversation on something else")
    for kind in dict.fromkeys(each.question.kind for each in asked):
        alone = [each for each in asked if each.question.kind == kind]
        after = list(after_others(searcher, [each.question for each in alone], known))
        if alone[0].question.papers:
            found = [rank_of(each) in range(1, 6) for each, _ in after]
            _print(f"{kind}: in the first five", _mean(alone, found))
        for name, some in (("alone", alone), ("then", [each for each, _ in after])):
            _print(f"{kind}: declined {name}", _mean(some, [declined(each.found) for each in some]))
        _print(f"{kind}: taken for a follow-up", _mean(alone, [taken for _, taken in after]))


def print_alone(answerable: Sequence[Asked]) -> None:
    """Print what the threshold in use declines when a single paper can be found."""
    print("\nDeclining: the same threshold in other corpora")
    for name, alone in (("the right paper", True), ("the most tempting wrong paper", False)):
        pairs = [
            (each, [hit for hit in each.found.hits if _right(each, hit) is alone][:1])
            for each in answerable
        ]
        _print_declined(f"1 paper, {name}", [_score(each, hits) for each, hits in pairs if hits])


def print_small(name: str, asked: Sequence[Asked]) -> None:
    """Print what the threshold in use declines in a corpus of one page."""
    groups: dict[str, list[float]] = {}
    for each in asked:
        there = rank_of(each) is not None
        if each.question.kind == "answerable":
            kind = "answer there" if there else "answer not there"
        elif each.question.kind in {"near", "domain"}:
            kind = each.question.kind
        else:
            continue
        groups.setdefault(kind, []).append(_score(each, each.found.hits))
    for kind in sorted(groups):
        _print_declined(f"page {name[:3]}, {kind}", groups[kind])


def _print_declined(name: str, scores: Sequence[float]) -> None:
    print(f"  {name:<52} {np.mean(np.array(scores) < DECLINING):.3f} of {len(scores)} declined")


def _writer_of(answerable: Sequence[Asked], length: int) -> QuotingWriter:
    """Find by bisection the threshold at which quotes have at most `length` words on average."""
    low, high = 0.0, 3.0
    for _ in range(14):
        middle = (low + high) / 2
        writer = QuotingWriter(threshold=middle)
        lengths = [_words(_quotes(writer, each, each.found.hits)) for each in answerable]
        low, high = (middle, high) if np.mean(lengths) > length else (low, middle)
    return QuotingWriter(threshold=high)


def _print_quotes(
    name: str, answerable: Sequence[Asked], writer: QuotingWriter, *, declining: bool
) -> None:
    quotes = [
        []
        if declining and _score(each, each.found.hits) < DECLINING
        else _quotes(writer, each, each.found.hits)
        for each in answerable
    ]
    _print_held(name, answerable, quotes)


def _print_held(
    name: str, answerable: Sequence[Asked], quotes: Sequence[Sequence[Excerpt]]
) -> None:
    recall = [_recall(each, some) for each, some in zip(answerable, quotes, strict=True)]
    length = np.mean([_words(some) for some in quotes if some])
    telling = [
        (_useful(each, excerpt), each.question.cluster)
        for each, some in zip(answerable, quotes, strict=True)
        for excerpt in some
    ]
    print(f"  {name}: {length:.0f} words")
    _print("  nugget recall", _mean(answerable, recall))
    _print("  sentences that hold a nugget", interval(*zip(*telling, strict=True)))


def _quotes(writer: QuotingWriter, asked: Asked, hits: Sequence[Hit]) -> list[Excerpt]:
    if asked.found.encoded is None or not hits:
        return []
    return writer.write(asked.question.text, asked.found.encoded, hits)


def _score(asked: Asked, hits: Sequence[Hit]) -> float:
    if asked.found.encoded is None or not hits:
        return 0.0
    return answered_by(asked.question.text, asked.found.encoded, hits)


def _same_quotes(answerable: Sequence[Asked]) -> Interval:
    """Ask each right paper the next question too: how many of its quotes stay?"""
    writer, kept, clusters = QuotingWriter(), [], []
    for each, other in zip(answerable, [*answerable[1:], answerable[0]], strict=True):
        right = [hit for hit in each.found.hits if _right(each, hit)][:1]
        first = {(e.start, e.end) for e in _quotes(writer, each, right)}
        second = {(e.start, e.end) for e in _quotes(writer, other, right)}
        kept += [span in second for span in first]
        clusters += [each.question.cluster] * len(first)
    return interval(kept, clusters)


def _last_sentences(asked: Asked, count: int) -> list[Excerpt]:
    for hit in asked.found.hits:
        if _right(asked, hit):
            spans = [(int(start), int(end)) for start, end in hit.vectors.sentences][-count:]
            return [Excerpt(hit.paper, start, end, "") for start, end in spans]
    return []


def _without_own(asked: Asked) -> list[Hit]:
    return [hit for hit in asked.found.hits if not _right(asked, hit)]


def _right(asked: Asked, hit: Hit) -> bool:
    return normalised_title(hit.paper.title) in asked.question.papers


def _recall(asked: Asked, quotes: Sequence[Excerpt]) -> float:
    spans = [Span(each.paper.id, each.start, each.end) for each in quotes]
    held = [
        any(quoted(place, spans) for place in _places(text, quotes))
        for text in asked.question.evidence
    ]
    return float(np.mean(held))


def _useful(asked: Asked, excerpt: Excerpt) -> bool:
    """Whether a quote holds a piece of evidence, or most of it is one."""
    span = Span(excerpt.paper.id, excerpt.start, excerpt.end)
    return any(
        useful(span, place)
        for text in asked.question.evidence
        for place in _places(text, [excerpt])
    )


def _places(evidence: str, quotes: Sequence[Excerpt]) -> Iterator[Span]:
    """Find a piece of evidence in the papers that are quoted."""
    for paper in {each.paper.id: each.paper for each in quotes}.values():
        start = paper.abstract.find(evidence)
        if start >= 0:
            yield Span(paper.id, start, start + len(evidence))


def _words(quotes: Sequence[Excerpt]) -> int:
    return words(excerpt.text for excerpt in quotes)


def _titles(found: Sequence[Hit] | Sequence[Excerpt]) -> list[str]:
    """Give the normalised titles of papers, each once."""
    return list(dict.fromkeys(normalised_title(each.paper.title) for each in found))


def _share_found(asked: Asked, titles: Sequence[str]) -> float:
    return relevant_cited(titles, asked.question.papers)


def _mean(asked: Sequence[Asked], values: Sequence[float]) -> Interval:
    return interval(values, [each.question.cluster for each in asked])


def _print(name: str, value: Interval) -> None:
    print(f"  {name:<52} {value}")


if __name__ == "__main__":
    main()

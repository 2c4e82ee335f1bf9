"""The metrics in words: what each is called, where it stands, and which a report begins with."""

from __future__ import annotations

from eval.scoring import UNBOUNDED

NAMES = {
    "recall@1": "right papers at rank 1",
    "recall@3": "right papers in the first 3",
    "recall@5": "right papers in the first 5",
    "recall@10": "right papers in the first 10",
    "recall@20": "right papers in the first 20",
    "mrr": "1 / rank of the first right paper",
    "ndcg@10": "nDCG@10",
    "nugget_recall": "facts of the answer that are said",
    "nugget_precision": "sentences that say such a fact",
    "relevant_cited": "right papers that are cited",
    "cited_relevant": "cited papers that are right",
    "relevance": "answers that are to the question",
    "standalone": "sentences that can be understood alone",
    "words": "words an answer",
    "faithfulness": "faithfulness, by answer",
    "claim_faithfulness": "faithfulness, by sentence",
    "verbatim": "sentences that are quotes, word for word",
    "citation_recall": "sentences that their citations support",
    "citation_precision": "citations that help",
    "answerable_answered": "answerable questions answered",
    "unanswerable_declined": "unanswerable questions declined",
}
"""What a metric says; none is shown that is not named here."""

GROUPS = {
    "Retrieval": ("recall@1", "recall@3", "recall@5", "recall@10", "recall@20", "mrr", "ndcg@10"),
    "Answers": (
        *("nugget_recall", "nugget_precision", "relevant_cited", "cited_relevant", "relevance"),
        *("standalone", "words"),
    ),
    "Faithfulness": (
        *("faithfulness", "claim_faithfulness", "citation_recall", "citation_precision"),
    ),
    "Declining": ("answerable_answered", "unanswerable_declined"),
}

HEADLINES = (
    *("faithfulness", "nugget_recall", "recall@5"),
    *("answerable_answered", "unanswerable_declined"),
)
"""What a report begins with, as far as it applies."""


MINUS = "−"


def number(value: float | None, name: str = "", *, sign: bool = False) -> str:
    """Write a value of the metric `name` as it is shown; a dash if there is none."""
    if value is None:
        return "–"
    decimals = 1 if name in UNBOUNDED else 3
    if not round(value, decimals):
        return f"{0:.{decimals}f}"  # neither +0.000 nor -0.000
    return f"{value:{'+' if sign else ''}.{decimals}f}".replace("-", MINUS)

"""The errors of the assistant; those of the index are in `index.errors`.

FootnoteError
└── QuestionError   there is nothing that could be answered
"""

from index.errors import FootnoteError


class QuestionError(FootnoteError):
    """There is nothing that could be answered."""

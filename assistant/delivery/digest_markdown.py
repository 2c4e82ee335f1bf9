"""A digest as Markdown; nothing from a paper can act as Markdown or HTML."""

from __future__ import annotations

from assistant.answers import Sentence
from assistant.digest.digests import Digest, Entry, Topic
from assistant.markdown import about, linked, plain


def digest_in_markdown(digest: Digest) -> str:
    """Give headings, sentences with `[1]` marks, and each paper once, beside its number."""
    blocks = [f"# Papers of {plain(digest.title)}"]
    if digest.remark:
        blocks.append(plain(digest.remark))
    if digest.overview:
        blocks.append("\n".join(f"- {_marked(sentence)}" for sentence in digest.overview))
    for topic in digest.topics:
        blocks += _topic(topic)
    return "\n\n".join(blocks) + "\n"


def _topic(topic: Topic) -> list[str]:
    blocks = [f"## {plain(topic.label)}"]
    if topic.summary:
        blocks.append(" ".join(map(_marked, topic.summary)))
    return [*blocks, "\n".join(map(_entry, topic.entries))]


def _entry(entry: Entry) -> str:
    votes = [f"{entry.paper.upvotes} votes"] if entry.paper.upvotes else []
    facts = ", ".join(plain(fact) for fact in [*about(entry.paper), *votes])
    lines = [f"- \\[{entry.number}\\] **{linked(entry.paper)}** · {facts}"]
    if entry.why:
        lines.append(f"  *{plain(entry.why)}*")
    if entry.line:
        lines.append(f"  {plain(entry.line.text)}")
    return "\\\n".join(lines)


def _marked(sentence: Sentence) -> str:
    marks = "".join(f"\\[{number}\\]" for number in sentence.citations)
    return f"{plain(sentence.text)} {marks}"

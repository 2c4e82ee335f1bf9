"""Words of a large corpus: BM25 as in `lexical`, from an index in a folder of its own (tantivy).

FTS5 scores every paper that holds a word of the question; tantivy passes over those that cannot be
among the best, and is 80 times as fast over 240,000 papers. The folder is derived from the corpus,
and brought in step with it by comparing what both hold: so nothing has to be noted in between.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from index.corpus import Corpus
from index.lexical import TITLE_WEIGHT, content_words
from index.steps import NAME, differing, read_steps, steps_of, write_steps

LARGE = 20_000
"""Papers from which on this index is used; until then FTS5 takes about 10 ms."""

WIDE = 10
"""So many times the papers asked for are looked at first where a tenth or more are wanted."""

BATCH = 2_000
MEMORY = 128_000_000
"""Bytes for what is being written."""

TITLES = round(TITLE_WEIGHT)
"""How often a title is written before its abstract: as FTS5 does, its words count so often in one
sum. Scored as a field of its own, a title was worth too much (the right paper first for 0.77 of 194
questions, not 0.89)."""

Progress = Callable[[int, int], None]


class DamagedLexicalError(Exception):
    """The folder cannot be used."""


class LargeLexical:
    """The words of titles and abstracts in a folder; safe to use from several threads."""

    def __init__(self, folder: Path, *, least: int = LARGE) -> None:
        """Open nothing yet; a corpus of fewer papers than `least` has no such folder."""
        self._folder = folder
        self._least = least

    def follow(self, corpus: Corpus, *, progress: Progress) -> None:
        """Bring the folder in step with the corpus, if that is large; whoever calls may write.

        A crash leaves it as it was or further; the next call does the rest.

        Args:
            progress: Called with the papers done and all there are to do.
        """
        if corpus.count() < self._least:
            self.discard()
            return
        try:
            self._follow(corpus, progress)
        except DamagedLexicalError:
            self.discard()
            self._follow(corpus, progress)

    def discard(self) -> None:
        """Delete the folder, if it is there."""
        self.__dict__.pop("_index", None)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _follow(self, corpus: Corpus, progress: Progress) -> None:
        if not self.there:
            self.discard()
            self._folder.mkdir(parents=True)
        wanted = steps_of(corpus.texts())
        gone, new = differing(read_steps(self._folder), wanted)
        if not (gone or new):
            return
        with _damage_noticed():
            writer = self._index.writer(MEMORY, 1)
            for key in gone:
                writer.delete_documents_by_term("key", key)
            self._write(writer, corpus, new, progress)
            writer.commit()
            writer.wait_merging_threads()
        write_steps(self._folder, wanted)

    @property
    def there(self) -> bool:
        """Whether it was brought in step with a large corpus before."""
        return all((self._folder / name).exists() for name in (NAME, "meta.json"))

    def scores(
        self, question: str, *, limit: int, keys: Collection[int] | None
    ) -> dict[int, float]:
        """Score papers as `lexical.word_scores` does.

        Raises:
            DamagedLexicalError: The folder cannot be read; `follow` makes it anew.
        """
        with _damage_noticed():
            words = self._words(question)
            if words is None:
                return {}
            self._index.reload()
            if keys is None:
                return self._found(words, limit)
            if len(keys) * WIDE >= self._index.searcher().num_docs:
                # If enough of the best of all are among them, they are what a filter would find.
                best = self._found(words, WIDE * limit)
                among = [(key, score) for key, score in best.items() if key in keys]
                if len(among) >= limit or len(best) < WIDE * limit:
                    return dict(among[:limit])
            return self._found(self._within(words, keys), limit)

    def _found(self, query: Any, limit: int) -> dict[int, float]:
        searcher = self._index.searcher()
        found = searcher.search(query, limit=limit, count=False).hits
        keyed = searcher.fast_field_values("key", [place for _, place in found])
        pairs = [(float(score), int(key)) for (score, _), key in zip(found, keyed, strict=True)]
        return {key: score for score, key in sorted(pairs, key=lambda pair: (-pair[0], pair[1]))}

    def _write(self, writer: Any, corpus: Corpus, keys: Sequence[int], progress: Progress) -> None:
        import tantivy

        for start in range(0, len(keys), BATCH):
            for key, paper in corpus.papers_by_key(keys[start : start + BATCH]).items():
                writer.delete_documents_by_term("key", key)  # what a crash may have left
                text = f"{TITLES * f'{paper.title} '}{paper.abstract}"
                writer.add_document(tantivy.Document(key=key, text=text))
            progress(min(start + BATCH, len(keys)), len(keys))

    def _words(self, question: str) -> Any:
        """Make a query of terms: no word of the question can act as an operator."""
        from tantivy import Occur, Query

        schema = self._index.schema
        stems = [stem for word in content_words(question) for stem in self._analyser.analyze(word)]
        terms = [
            (Occur.Should, Query.term_query(schema, "text", stem)) for stem in dict.fromkeys(stems)
        ]
        if not terms:
            return None
        return Query.boolean_query(terms)

    def _within(self, words: Any, keys: Collection[int]) -> Any:
        from tantivy import Occur, Query

        among = Query.term_set_query(self._index.schema, "key", sorted(keys))
        return Query.boolean_query(
            [(Occur.Must, words), (Occur.Must, Query.const_score_query(among, 0.0))]
        )

    @cached_property
    def _analyser(self) -> Any:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        builder = TextAnalyzerBuilder(Tokenizer.simple())
        for each in (Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english")):
            builder = builder.filter(each)
        return builder.build()

    @cached_property
    def _index(self) -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("key", indexed=True, fast=True)
        builder.add_text_field("text", tokenizer_name="words", index_option="freq")
        index = tantivy.Index(builder.build(), path=str(self._folder))
        index.register_tokenizer("words", self._analyser)
        return index


@contextmanager
def _damage_noticed() -> Iterator[None]:
    """Tell what tantivy says of its folder: it raises Python's own errors."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise DamagedLexicalError(str(error)) from error

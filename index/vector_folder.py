"""Vectors in a folder of the home: Chroma embedded in this process"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import FootnoteError, HomeError
from index.vectors import NAME, DamagedVectorsError, Vectors, made_collection


@dataclass(frozen=True)
class VectorFolder:
    """A folder that Chroma keeps."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def find(self, *, version: str) -> Vectors | None:
        """Open the vectors; None if there is no folder.

        Raises:
            StaleIndexError: They are of another version.
            DamagedVectorsError: Chroma cannot open the folder.
        """
        return self.make(version=version) if self.path.exists() else None

    def make(self, *, version: str) -> Vectors:
        """Open the vectors, or make empty ones; raises as `find`."""
        import chromadb
        from chromadb.config import Settings

        with _damage_noticed():
            settings = Settings(anonymized_telemetry=False)
            client: Any = chromadb.PersistentClient(path=str(self.path), settings=settings)
            try:
                collection = made_collection(client, NAME, version=version)
                return Vectors(
                    collection, version=version, failures=_damage_noticed, close=client.close
                )
            except BaseException:
                client.close()
                raise

    @contextmanager
    def anew(self, *, version: str) -> Iterator[Vectors]:
        """Give empty vectors in a folder beside this one, which takes its place in the end.

        A crash while it does leaves no folder, and so a rebuild.

        Raises:
            HomeError: The folder cannot be replaced.
        """
        made = self.path.with_name(f"{self.path.name}.new")
        discard_folder(made)
        with closing(VectorFolder(made).make(version=version)) as vectors:
            yield vectors
        replace_folder(self.path, made)


def replace_folder(folder: Path, made: Path) -> None:
    """Swap `made` in for `folder`.

    Raises:
        HomeError: The folder cannot be moved.
    """
    try:
        discard_folder(folder)
        made.rename(folder)
    except OSError as error:
        raise HomeError(
            f"`{folder}` cannot be replaced: {error.strerror}",
            hint="check its permissions, then run `footnote reindex` again",
        ) from error


def discard_folder(folder: Path) -> None:
    """Delete a folder of vectors, if it is there."""
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


@contextmanager
def _damage_noticed() -> Iterator[None]:
    """Tell Chroma's failures, which are of many types, Rust panics among them, from ours."""
    try:
        yield
    except (FootnoteError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise DamagedVectorsError(str(error)) from error

"""Write texts as files, for a tool that cannot be called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from evaluation.corpus import Sample
from service.errors import UsageError


def export_texts(samples: Iterable[Sample], folder: Path) -> int:
    """Write each source to a file that is called like its sample; gives how many there are.

    Raises:
        UsageError: An id cannot be the name of a file; nothing is written.
        OSError: A file cannot be written.
    """
    texts = {f"{sample.identity}.txt": sample.source for sample in samples}
    strange = [name for name in texts if name != Path(name).name or "\0" in name]
    if strange:
        raise UsageError(f"the id {strange[0].removesuffix('.txt')!r} cannot be the name of a file: give it another")
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in texts.items():
        (folder / name).write_text(source, encoding="utf-8")
    return len(texts)

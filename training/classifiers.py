"""Fit the classifiers ``chat`` and ``register`` on our pairs: ``python -m training.classifiers``.

Writes ``service/weights/<name>.npz`` and prints how well each does on the dev pairs, which it never sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import normalize

from service.alignment import sentences_of
from service.annotation import Annotator
from service.classifier import BUCKETS, features
from service.register import narration
from training.examples import Pair, read_pairs

_OUTPUT = Path("service/weights")
_LEAST_SHARED = 2
_LEAST_SHARE = 0.4
_STEM = 5
_SHORT = 9


def label_chat(pairs: Iterable[Pair], annotator: Annotator) -> list[tuple[str, bool]]:
    """Give the source sentences that are clearly chat (True) or clearly news (False).

    A sentence of which the wire copy shares no content word is chat; one of which it shares at least two and 40% is
    news; what lies between is left out.
    """
    rows = [pair for pair in pairs if pair.casual != pair.wire]
    sources = annotator.annotate(pair.casual for pair in rows)
    copies = annotator.annotate(pair.wire for pair in rows)
    labelled: list[tuple[str, bool]] = []
    for source, copy in zip(sources, copies, strict=True):
        told = {word.lemma[:_STEM] for word in copy.words}
        for sentence in sentences_of(source):
            shared = len(sentence.stems & told)
            if shared == 0 or shared >= max(_LEAST_SHARED, _LEAST_SHARE * len(sentence.stems)):
                labelled.append((sentence.span.of(source.text), shared == 0))
        # Short statements of wire copy: a source has few, and without them every short sentence looks like chat.
        labelled += [
            (words, False)
            for sentence in sentences_of(copy)
            if len((words := sentence.span.of(copy.text)).split()) <= _SHORT
        ]
    return labelled


def label_register(pairs: Iterable[Pair]) -> list[tuple[str, bool]]:
    """Give the sentences of wire copy (True) and of the sources that differ from it (False)."""
    labelled: list[tuple[str, bool]] = []
    for pair in pairs:
        wire, casual = set(narration(pair.wire)), set(narration(pair.casual))
        labelled += [(words, True) for words in sorted(wire)] + [(words, False) for words in sorted(casual - wire)]
    return labelled


def matrix(sentences: Iterable[str]) -> csr_matrix:
    """Put the features of sentences into rows of unit length."""
    counts = [features(sentence) for sentence in sentences]
    rows = [number for number, count in enumerate(counts) for _ in count]
    columns = [bucket for count in counts for bucket in count]
    values = [float(value) for count in counts for value in count.values()]
    return normalize(csr_matrix((values, (rows, columns)), shape=(len(counts), BUCKETS)))


def fit(labelled: Sequence[tuple[str, bool]]) -> LogisticRegression:
    """Fit the classifier on labelled sentences."""
    model = LogisticRegression(C=4, max_iter=1000)
    return model.fit(matrix(text for text, _ in labelled), [chat for _, chat in labelled])


def main() -> None:
    """Fit, judge on dev, write."""
    train, dev = (
        [pair for path in sorted(Path(folder).glob("[ap]*.jsonl")) for pair in read_pairs(path)]
        for folder in ("training/data", "evaluation/data")
    )
    annotator = Annotator()
    _write("chat", label_chat(train, annotator), label_chat(dev, annotator))
    _write("register", label_register(train), label_register(dev))


def _write(name: str, train: Sequence[tuple[str, bool]], dev: Sequence[tuple[str, bool]]) -> None:
    model = fit(train)
    weights = model.coef_[0].astype(np.float16)
    np.savez_compressed(_OUTPUT / f"{name}.npz", weights=weights, intercept=np.float32(model.intercept_[0]))
    scores = model.predict_proba(matrix(text for text, _ in dev))[:, 1]
    truth = np.array([label for _, label in dev])
    print(f"{name}: {len(train)} sentences, {len(dev)} of dev, AUC {roc_auc_score(truth, scores):.3f}")
    for threshold in (0.2, 0.5, 0.8):
        found = scores > threshold
        print(f"  above {threshold}: {found[truth].mean():.3f} of the class, {found[~truth].mean():.3f} of the rest")


if __name__ == "__main__":
    main()

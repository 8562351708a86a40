"""How well scores and decisions tell faithful rewrites from others; arrays in, one number out.

Each is None where there is nothing to measure, such as a recall without errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import brier_score_loss, roc_auc_score

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]

BINS = 10


def share(flags: Flags) -> float | None:
    """Share that is true."""
    return float(flags.mean()) if flags.size else None


def recall(faithful: Flags, accepted: Flags) -> float | None:
    """Share of the unfaithful rewrites that are refused."""
    return share(~accepted[~faithful])


def false_alarm_rate(faithful: Flags, accepted: Flags) -> float | None:
    """Share of the faithful rewrites that are refused."""
    return share(~accepted[faithful])


def balanced_accuracy(faithful: Flags, accepted: Flags) -> float | None:
    """Mean of the share of errors refused and the share of faithful rewrites accepted."""
    caught, alarms = recall(faithful, accepted), false_alarm_rate(faithful, accepted)
    return None if caught is None or alarms is None else (caught + 1 - alarms) / 2


def auc(faithful: Flags, score: Numbers) -> float | None:
    """How often a faithful rewrite scores higher than an unfaithful one; a tie counts half."""
    return None if faithful.all() or not faithful.any() else float(roc_auc_score(faithful, score))


def pair_consistency(score: Numbers, rival: Numbers) -> float | None:
    """Share of the unfaithful rewrites that score lower than the faithful one they are paired with.

    Args:
        score: Scores of unfaithful rewrites.
        rival: The score of the faithful one beside each; not a number where there is none.
    """
    paired = ~np.isnan(rival)
    return share(score[paired] < rival[paired])


def spearman(faithful: Flags, score: Numbers) -> float | None:
    """Rank correlation of score and label."""
    if faithful.all() or not faithful.any():
        return None
    # A score that never changes tells nothing of the label.
    return float(spearmanr(faithful, score).statistic) if np.ptp(score) else 0.0


def brier(faithful: Flags, probability: Numbers) -> float | None:
    """Mean squared distance of probability and label; 0 is best."""
    return float(brier_score_loss(faithful, probability, labels=[False, True])) if faithful.size else None


@dataclass(frozen=True)
class Bin:
    """Cases of like probability.

    Attributes:
        count: How many there are.
        probability: Their mean probability.
        observed: The share of them that is faithful.
    """

    count: int
    probability: float
    observed: float


def reliability(faithful: Flags, probability: Numbers) -> list[Bin]:
    """Sort cases into ten bins of equal width; empty ones are left out."""
    places = np.minimum((probability * BINS).astype(np.intp), BINS - 1)
    return [
        Bin(int(inside.sum()), float(probability[inside].mean()), float(faithful[inside].mean()))
        for inside in (places == place for place in range(BINS))
        if inside.any()
    ]


def expected_calibration_error(faithful: Flags, probability: Numbers) -> float | None:
    """Mean distance of probability and observed share over the bins, each counted as often as it has cases."""
    if not faithful.size:
        return None
    return sum(bin.count * abs(bin.probability - bin.observed) for bin in reliability(faithful, probability)) / (
        faithful.size
    )


def threshold_accepting(score: Numbers, wanted: float) -> float:
    """Give the highest threshold at which at least the wanted share of the scores is accepted, being no lower."""
    spare = int(np.floor(score.size * (1 - wanted) + 1e-9))
    return float(np.sort(score)[spare])

"""Errors planted into faithful rewrites, which a measure of faithfulness must catch."""

from evaluation.perturbations.perturber import ALL, Perturber, UnknownKindError
from evaluation.perturbations.planted import Planted

__all__ = ["ALL", "Perturber", "Planted", "UnknownKindError"]

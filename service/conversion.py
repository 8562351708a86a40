"""Convert a causal checkpoint for the CPU, and measure what the conversion has done to it.

The model builder of ONNX Runtime GenAI writes the graph. Its weights are kept as whole numbers of 8 bits, each 32 in a
row with a scale of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import onnx
from numpy.typing import NDArray

from service.decoder import STATES
from service.errors import ConversionError
from service.generation import inner_layer
from service.runtime import QUIET

Precision = Literal["fp32", "int8"]
# What a conversion may do to a model that is to count as the same one.
MOST_DIVERGENCE = 0.01
LEAST_AGREEMENT = 0.97
# Which output of a node that adds and normalises is the sum.
_SUM = 3


class Follower(Protocol):
    """An engine that can say how likely a given target is, token by token."""

    def log_probabilities(self, source: str, target: str) -> NDArray[np.float32]:
        """Say how likely each token is at each place of ``target``, one row for each of its tokens and its end."""
        ...


@dataclass(frozen=True)
class Fidelity:
    """How close a converted model is to the one it was made of.

    Attributes:
        tokens: Places at which they were compared.
        divergence: Mean Kullback-Leibler divergence of the converted model from the original, in nats.
        agreement: Share of the places at which both think the same token the likeliest.
    """

    tokens: int
    divergence: float
    agreement: float

    @property
    def holds(self) -> bool:
        """Whether the converted model may stand in for the original."""
        return self.divergence < MOST_DIVERGENCE and self.agreement >= LEAST_AGREEMENT


def convert(checkpoint: Path, folder: Path, *, precision: Precision = "int8") -> None:
    """Write a causal checkpoint as a graph for ONNX Runtime, with its tokenizer, to ``folder``.

    Raises:
        ConversionError: The checkpoint cannot be converted.
    """
    with tempfile.TemporaryDirectory(prefix="copydesk-converting-") as scratch:
        # A process of its own, because the builder puts modules of the most general names on the path.
        command = [sys.executable, "-m", "onnxruntime_genai.models.builder", "--input", str(checkpoint)]
        command += ["--output", str(folder), "--precision", precision, "--execution_provider", "cpu"]
        command += ["--cache_dir", scratch, "--extra_options", "block_size=32"]
        environment = os.environ | QUIET | {"HF_HUB_OFFLINE": "1"}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, env=environment
        )
    if done.returncode != 0 or not (folder / "model.onnx").is_file():
        raise ConversionError(checkpoint, done.stderr)
    layers = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))["num_hidden_layers"]
    _tell_states(folder / "model.onnx", layer=inner_layer(layers))


def _tell_states(graph: Path, *, layer: int) -> None:
    """Have a graph tell what goes into one of its layers, if it has it in one piece."""
    model = onnx.load(str(graph), load_external_data=False)
    sums = [
        node.output for node in model.graph.node if node.name == f"/model/layers.{layer}/input_layernorm/SkipLayerNorm"
    ]
    if sums and len(sums[0]) == _SUM + 1:
        model.graph.node.append(onnx.helper.make_node("Identity", [sums[0][_SUM]], [STATES]))
        model.graph.output.append(onnx.helper.make_tensor_value_info(STATES, onnx.TensorProto.FLOAT, None))
        onnx.save(model, str(graph))


def compare(original: Follower, converted: Follower, pairs: Iterable[tuple[str, str]]) -> Fidelity:
    """Compare both at every token of the given targets.

    Args:
        original: The model as it was.
        converted: What was made of it.
        pairs: Sources and targets; at least one.
    """
    divergences: list[float] = []
    agreements: list[bool] = []
    for source, target in pairs:
        true, made = original.log_probabilities(source, target), converted.log_probabilities(source, target)
        divergences += (np.exp(true) * (true - made)).sum(axis=-1).tolist()
        agreements += (true.argmax(axis=-1) == made.argmax(axis=-1)).tolist()
    return Fidelity(
        tokens=len(divergences), divergence=float(np.mean(divergences)), agreement=float(np.mean(agreements))
    )

"""Choose the checkpoint of a run: ``python -m training.select --config training/lora.toml``.

Not by the loss, but by what matters in use: the share of held-out passages whose greedy target the strict gate accepts
and the lint finds nothing in. Every checkpoint is merged and converted as it would ship; its figures are added to
``selection.jsonl`` in the folder of the run, so that a choice that was stopped goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer

from service.checking import Checker
from service.conversion import convert
from service.converted import ConvertedGenerator
from service.generation import Generator
from service.merging import add_lora
from service.model import sha256_of
from service.prompts import Prompt
from training.examples import read_pairs
from training.first_try import first_tries
from training.train import Config, read_config

WEIGHTS = "adapter_model.safetensors"
_FILE = "selection.jsonl"

Open = Callable[[Config, Path], AbstractContextManager[Generator]]


@dataclass(frozen=True)
class Figures:
    """How well a checkpoint does on the held-out passages that are to change.

    Attributes:
        adapter: Its folder.
        sha256: Hash of its weights.
        measured_by: Hash of the held-out passages and of what the gate depends on.
        passages: How many passages there are.
        accepted: Share of them whose first target the strict gate accepts.
        clean: Share of them whose first target has no style finding.
        good: Share of them of which both is true; what is chosen by.
    """

    adapter: str
    sha256: str
    measured_by: str
    passages: int
    accepted: float
    clean: float
    good: float


def select(config: Config, checker: Checker, *, opening: Open | None = None) -> Figures:
    """Measure the checkpoints that have not been measured yet, and give the best; the later of equals.

    Args:
        config: The run.
        checker: The fact gate.
        opening: Makes a generator of an adapter; as it would ship where it is not given.

    Raises:
        ValueError: The run has no checkpoint yet, or no held-out passage is to change.
    """
    folders = [folder for number in range(1, config.passes + 1) if (folder := config.of_pass(number)).is_dir()]
    if not folders:
        raise ValueError(f"the run in {config.output} has finished no pass: run python -m training.train first")
    pairs = [pair for path in config.dev for pair in read_pairs(Path(path))]
    sources = [pair.casual for pair in pairs if pair.wire not in ("", pair.casual)]
    if not sources:
        raise ValueError(
            f"{', '.join(config.dev) or 'dev'} has no passage that is to change, so nothing can be chosen by it"
        )
    by = hashlib.sha256(repr((sources, sorted(checker.identity.items()))).encode()).hexdigest()
    known = {figures.sha256: figures for figures in _read(config) if figures.measured_by == by}
    chosen = []
    for folder in folders:
        sha256 = sha256_of(folder / WEIGHTS)
        if sha256 not in known:
            with (opening or converted)(config, folder) as generator:
                known[sha256] = _measure(str(folder), generator, checker, sources, sha256=sha256, by=by)
            with (Path(config.output) / _FILE).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(known[sha256])) + "\n")
        chosen.append(known[sha256])
        print(f"{folder}: accepted {chosen[-1].accepted:.1%}, clean {chosen[-1].clean:.1%}, both {chosen[-1].good:.1%}")
    return max(reversed(chosen), key=lambda figures: figures.good)


def _measure(
    adapter: str, generator: Generator, checker: Checker, sources: Sequence[str], *, sha256: str, by: str
) -> Figures:
    tries = first_tries(generator, checker, sources)
    return Figures(
        adapter=adapter,
        sha256=sha256,
        measured_by=by,
        passages=len(tries),
        accepted=sum(one.accepted for one in tries) / len(tries),
        clean=sum(bool(one.copy) and not one.findings for one in tries) / len(tries),
        good=sum(one.good for one in tries) / len(tries),
    )


def _read(config: Config) -> list[Figures]:
    path = Path(config.output) / _FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Figures(**json.loads(line)) for line in lines]


def merge(config: Config, adapter: Path, folder: Path) -> None:
    """Write the base of a run with an adapter merged into it, and its tokenizer.

    Raises:
        ValueError: The adapter does not fit.
    """
    model = AutoModelForCausalLM.from_pretrained(config.base, dtype="float32")
    add_lora(model, adapter)
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(config.base).save_pretrained(folder)


@contextmanager
def converted(config: Config, adapter: Path) -> Iterator[Generator]:
    """Make of an adapter what would ship: merged, and converted for the CPU."""
    with tempfile.TemporaryDirectory(dir=config.output) as temporary:
        merged = Path(temporary) / "merged"
        merge(config, adapter, merged)
        convert(merged, merged / "onnx")
        yield ConvertedGenerator.load(
            merged / "onnx", prompt=Prompt.load(config.prompt), name=adapter.name, threads=config.threads
        )


def main() -> None:
    """Read the command line and choose."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    config = read_config(parser.parse_args().config)
    print(f"Best: {select(config, Checker.load(threads=config.threads)).adapter}")


if __name__ == "__main__":
    main()

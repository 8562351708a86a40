"""What the fact gate is tested on: a list to read and to add to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from evaluation import labelled, measures
from evaluation.cases import Case
from evaluation.corpus import DATA
from evaluation.error_kinds import RIGHT_KINDS, SURFACE
from evaluation.measures import Measure, in_kinds, in_part
from evaluation.planting import read_planted
from service.annotation import Annotator

Read = Callable[[Sequence[Path]], list[Case]]

_DOMAINS = ("podcast", "samsum", "sales_call", "qmsumm")


@dataclass(frozen=True)
class GateTest:
    """A data set, how it is read, and what is measured on it.

    Attributes:
        name: What it is called in the report.
        title: The same for a reader.
        read: Turns the files into cases.
        files: Their names, below ``evaluation/data`` or below the folder of external data.
        external: They are external.
        measures: What is measured.
        by_kind: What is measured for each type of error besides.
    """

    name: str
    title: str
    read: Read
    files: tuple[str, ...]
    measures: tuple[Measure, ...]
    by_kind: tuple[Measure, ...] = ()
    external: bool = True

    def paths(self, data: Path) -> list[Path]:
        """Say where the files are."""
        return [(data / "facts" if self.external else DATA) / file for file in self.files]


_BALANCED = Measure("balanced accuracy", measures.balanced_accuracy)
_AT_HALF = Measure("balanced accuracy at 0.5", measures.balanced_accuracy_at_half)
_RECALL = Measure("errors caught", measures.recall, of=measures.errors)
_FALSE_ALARMS = Measure("false alarms", measures.false_alarms, of=lambda rows: rows.faithful)
_AUC = Measure("AUC", measures.auc)
_BRIER = Measure("Brier score", measures.brier, percent=False)
_ECE = Measure("expected calibration error", measures.calibration_error, percent=False)
_ACCEPTED = Measure("references accepted", measures.acceptance, of=lambda rows: rows.faithful, target=0.97)
_CAUGHT_AT_REFERENCES = Measure(
    "errors caught where 97% of the references are accepted",
    measures.recall_at_reference_threshold,
    counted=measures.errors,
    target=0.97,
)
_USUAL = (_BALANCED, _RECALL, _FALSE_ALARMS, _AUC)
# What is measured part by part, and type by type, where nothing else is agreed on.
OF_A_PART = (_BALANCED, _AUC)
CAUGHT = _RECALL


def _parts(measure: Measure, parts: Sequence[str]) -> tuple[Measure, ...]:
    return tuple(replace(measure, name=f"{measure.name}: {part}", of=in_part(part)) for part in parts)


def of_parts(measures: Iterable[Measure], parts: Sequence[str]) -> tuple[Measure, ...]:
    """Repeat measures for each part of a data set."""
    return tuple(repeated for measure in measures for repeated in _parts(measure, parts))


def gate_tests(annotator: Annotator) -> tuple[GateTest, ...]:
    """List the tests; the annotator is for planting errors."""
    summedits = tuple(f"summedits_{domain}.jsonl.gz" for domain in _DOMAINS)
    return (
        GateTest(
            name="gate_dev",
            title="Our hand-labelled cases",
            read=labelled.read_gate,
            files=("gate.jsonl",),
            external=False,
            measures=(
                replace(_BALANCED, target=0.85),
                _AT_HALF,
                replace(_FALSE_ALARMS, name="false alarms: close", of=in_kinds({"close"}), target=0.05, at_most=True),
                replace(_FALSE_ALARMS, name="false alarms: free", of=in_kinds({"free"}), target=0.20, at_most=True),
                replace(_RECALL, name="errors caught: ten surface types", of=in_kinds(SURFACE), target=0.95),
                replace(
                    _RECALL,
                    name="errors caught: other types",
                    of=in_kinds(RIGHT_KINDS.keys() - SURFACE),
                    target=0.75,
                ),
                Measure("catches that name a right kind", measures.named, of=measures.caught, target=0.80),
                Measure("catches that flag the right place", measures.placed, of=measures.caught),
                _AUC,
                _BRIER,
                _ECE,
            ),
            by_kind=(_RECALL,),
        ),
        GateTest(
            name="references",
            title="Our pairs: references",
            read=labelled.read_references,
            files=("pairs.jsonl",),
            external=False,
            measures=(_ACCEPTED,),
        ),
        GateTest(
            name="perturbations",
            title="Our pairs and articles: planted errors",
            read=partial(read_planted, annotator=annotator),
            files=("pairs.jsonl", "articles.jsonl"),
            external=False,
            measures=(
                replace(_ACCEPTED, target=None),
                _CAUGHT_AT_REFERENCES,
                _RECALL,
                _BALANCED,
                _AUC,
                _BRIER,
                _ECE,
            ),
            by_kind=(_CAUGHT_AT_REFERENCES, _RECALL),
        ),
        GateTest(
            name="summedits_rewrites",
            title="SummEdits, original summary → summary",
            read=labelled.read_summedits_rewrites,
            files=summedits,
            measures=(
                Measure("balanced accuracy: mean of the domains", measures.mean_balanced_accuracy, target=0.82),
                *_parts(_BALANCED, _DOMAINS),
                _AT_HALF,
                _RECALL,
                _FALSE_ALARMS,
                _AUC,
            ),
        ),
        GateTest(
            name="summedits_documents",
            title="SummEdits, document → summary",
            read=labelled.read_summedits_documents,
            files=summedits,
            measures=(
                Measure("balanced accuracy: mean of the domains", measures.mean_balanced_accuracy, target=0.72),
                *_parts(_BALANCED, _DOMAINS),
                _RECALL,
                _FALSE_ALARMS,
                _AUC,
            ),
        ),
        GateTest(
            name="bump",
            title="BUMP task 2",
            read=labelled.read_bump,
            files=("bump_task2.jsonl.gz",),
            measures=(
                Measure("pair consistency", measures.pair_consistency, of=measures.paired, target=0.90),
                replace(_AUC, target=0.72),
                *_USUAL[:3],
            ),
            by_kind=(_RECALL,),
        ),
        GateTest(
            name="paws",
            title="PAWS, held-out sentence sets",
            read=labelled.read_paws,
            files=("paws.jsonl.gz",),
            measures=(Measure("Spearman", measures.spearman, target=0.65, percent=False), *_USUAL),
        ),
        GateTest(
            name="vitaminc",
            title="VitaminC, held-out pages",
            read=labelled.read_vitaminc,
            files=("vitaminc.jsonl.gz",),
            measures=_USUAL,
            by_kind=(_RECALL,),
        ),
        GateTest(
            name="frank",
            title="FRANK valid",
            read=labelled.read_frank,
            files=("frank_valid.jsonl.gz",),
            measures=(*_parts(_BALANCED, ("cnndm", "bbc")), *_parts(_AUC, ("cnndm", "bbc"))),
        ),
        GateTest(
            name="veridicality",
            title="Verb veridicality",
            read=labelled.read_veridicality,
            files=("verb_veridicality.jsonl.gz",),
            measures=_USUAL,
        ),
        GateTest(
            name="fever_symmetric",
            title="FEVER-symmetric dev",
            read=labelled.read_fever,
            files=("fever_symmetric_dev.jsonl.gz",),
            measures=_USUAL,
        ),
        GateTest(
            name="rte",
            title="RTE 1 to 3 dev",
            read=labelled.read_rte,
            files=("rte1_dev.jsonl.gz", "rte2_dev.jsonl.gz", "rte3_dev.jsonl.gz"),
            measures=(*_USUAL, *_parts(_BALANCED, ("rte1", "rte2", "rte3"))),
        ),
    )

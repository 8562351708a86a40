"""Each labelled test set as cases; what the data sets have in common ends here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean

from evaluation.cases import Case, Row, make_cases, read_rows
from service.spans import Span

PAWS_SHARE = 0.25
VITAMINC_SHARE = 0.10
VITAMINC_CASES = 2_000
# Ratings go from -2 (surely not) to 2 (surely).
VERIDICAL = 1.0


def is_held_out(key: str, share: float) -> bool:
    """Tell whether what has this key is kept for the test: the same answer everywhere and always.

    Training takes the complement. Keys are those of ``sentence_sets`` for PAWS, with ``PAWS_SHARE``, and the ``page``
    for VitaminC, with ``VITAMINC_SHARE``.
    """
    return _place(key) < share


def _place(key: str) -> float:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64


def connect(groups: Iterable[Sequence[str]]) -> list[str]:
    """Give each group a name that it shares with every group it has a member in common with, at any remove.

    >>> connect([("b", "c"), ("d", "e"), ("c", "a")])
    ['a', 'd', 'a']
    """
    above: dict[str, str] = {}

    def top(member: str) -> str:
        while (parent := above.setdefault(member, member)) != member:
            above[member] = above[parent]
            member = parent
        return member

    listed = list(groups)
    for group in listed:
        first = top(group[0])
        for member in group[1:]:
            low, high = sorted((first, top(member)))
            above[high] = first = low
    return [top(group[0]) for group in listed]


def sentence_sets(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Give each pair of sentences the key of its set: all pairs that are made of the same words, at any remove.

    PAWS has a sentence in several pairs, and in several orders of its words.
    """
    return connect([tuple(" ".join(sorted(text.casefold().split())) for text in pair) for pair in pairs])


def read_gate(paths: Sequence[Path]) -> list[Case]:
    """Read our own hand-labelled cases."""
    return make_cases(paths[0], read_rows(paths[0]), _gate)


def _gate(row: Row) -> Iterable[Case]:
    for number, hypothesis in enumerate(row["hypotheses"]):
        yield Case(
            id=f"{row['id']}/{number}",
            cluster=row["id"],
            source=row["source"],
            hypothesis=hypothesis["text"],
            faithful=hypothesis["faithful"],
            kind=hypothesis["style"] if hypothesis["faithful"] else hypothesis["error"],
            source_span=_find(hypothesis.get("source_span"), row["source"]),
            hyp_span=_find(hypothesis.get("hyp_span"), hypothesis["text"]),
        )


def _find(words: str | None, text: str) -> Span | None:
    if not words:
        return None
    start = text.find(words)
    return Span(start, start + len(words)) if start >= 0 else None


def read_references(paths: Sequence[Path]) -> list[Case]:
    """Read our own pairs and articles: every passage with its reference, which is faithful."""
    return [case for path in paths for case in make_cases(path, read_rows(path), _references)]


def _references(row: Row) -> Iterable[Case]:
    for number, block in enumerate(row.get("blocks", [row])):
        if block["wire"]:
            yield Case(
                id=f"{row['id']}/{number}" if "blocks" in row else row["id"],
                cluster=row["id"],
                source=block["casual"],
                hypothesis=block["wire"],
                faithful=True,
                kind="reference",
            )


def read_summedits_rewrites(paths: Sequence[Path]) -> list[Case]:
    """Read SummEdits as rewrites: an edited summary against the summary it was made from."""
    return _summedits(paths, source="original_summary", support=False)


def read_summedits_documents(paths: Sequence[Path]) -> list[Case]:
    """Read SummEdits as it was published: a summary against its document."""
    return _summedits(paths, source="doc", support=True)


def _summedits(paths: Sequence[Path], *, source: str, support: bool) -> list[Case]:
    def make(row: Row) -> Iterable[Case]:
        yield Case(
            id=row["id"],
            cluster=_name(row["doc"]),
            source=row[source],
            hypothesis=row["summary"],
            faithful=bool(row["label"]),
            kind="+".join(row["edit_types"]) or None,
            direction="support" if support else "both",
            part=domain,
        )

    cases = []
    for path in paths:
        domain = path.name.partition(".")[0].removeprefix("summedits_")
        cases += make_cases(path, read_rows(path), make)
    return cases


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_bump(paths: Sequence[Path]) -> list[Case]:
    """Read BUMP: of each article a summary by hand, and the same with one error."""
    return make_cases(paths[0], read_rows(paths[0]), _bump)


def _bump(row: Row) -> Iterable[Case]:
    for field in ("reference_summary", "edited_summary"):
        faithful = field == "reference_summary"
        yield Case(
            id=f"{row['id']}/{field.partition('_')[0]}",
            cluster=str(row["article_id"]),
            source=row["article"],
            hypothesis=row[field],
            faithful=faithful,
            kind=None if faithful else row["error_type"],
            direction="support",
            pair=str(row["id"]),
        )


def read_paws(paths: Sequence[Path]) -> list[Case]:
    """Read the held-out part of PAWS."""
    rows = read_rows(paths[0])
    keys = sentence_sets((str(row.get("text1")), str(row.get("text2"))) for row in rows)
    numbered = iter(enumerate(keys, start=1))

    def make(row: Row) -> Iterable[Case]:
        number, key = next(numbered)
        faithful = bool(int(row["human"]))
        if is_held_out(key, PAWS_SHARE):
            yield Case(str(number), _name(key), source=row["text1"], hypothesis=row["text2"], faithful=faithful)

    return make_cases(paths[0], rows, make)


def read_vitaminc(paths: Sequence[Path]) -> list[Case]:
    """Read up to 2,000 cases of the held-out pages of VitaminC, in an order that means nothing."""
    cases = make_cases(paths[0], read_rows(paths[0]), _vitaminc)
    return sorted(cases, key=lambda case: _place(case.id))[:VITAMINC_CASES]


def _vitaminc(row: Row) -> Iterable[Case]:
    if is_held_out(row["page"], VITAMINC_SHARE):
        yield _claim(row, identity=row["unique_id"], cluster=row["page"])


def _claim(row: Row, *, identity: str, cluster: str) -> Case:
    return Case(
        id=identity,
        cluster=cluster,
        source=row["evidence"],
        hypothesis=row["claim"],
        faithful=row["label"] == "SUPPORTS",
        kind=row["label"].casefold(),
        direction="support",
    )


def read_fever(paths: Sequence[Path]) -> list[Case]:
    """Read FEVER-symmetric: two claims against two pieces of evidence, of which each claim fits one."""
    rows = read_rows(paths[0])
    names = map(_name, connect([(str(row.get("claim")), str(row.get("evidence"))) for row in rows]))
    return make_cases(paths[0], rows, lambda row: [_claim(row, identity=row["id"], cluster=next(names))])


def read_frank(paths: Sequence[Path]) -> list[Case]:
    """Read FRANK: what systems made of CNN/DailyMail and BBC articles."""
    return make_cases(paths[0], read_rows(paths[0]), _frank)


def _frank(row: Row) -> Iterable[Case]:
    yield Case(
        id=row["id"],
        cluster=row["hash"],
        source=row["source"],
        hypothesis=row["claim"],
        faithful=bool(row["label"]),
        kind=row["model_name"],
        direction="support",
        part=row["dataset"],
    )


def read_veridicality(paths: Sequence[Path]) -> list[Case]:
    """Read verb veridicality: does a sentence imply its complement? Yes where readers rate it at 1 or more of 2."""
    return make_cases(paths[0], read_rows(paths[0]), _veridicality)


def _veridicality(row: Row) -> Iterable[Case]:
    yield Case(
        id=row["index"],
        # The label is mostly the verb's doing.
        cluster=row["verb"],
        source=row["sentence"],
        hypothesis=row["complement"],
        faithful=mean(row["turker_pos_ratings"]) >= VERIDICAL,
        kind=row["signature"],
        direction="support",
    )


def read_rte(paths: Sequence[Path]) -> list[Case]:
    """Read the development sets of RTE 1 to 3."""
    return [case for path in paths for case in make_cases(path, read_rows(path), _rte)]


def _rte(row: Row) -> Iterable[Case]:
    yield Case(
        id=row["id"],
        cluster=_name(row["source"]),
        source=row["source"],
        hypothesis=row["claim"],
        faithful=bool(row["label"]),
        kind=row["task"],
        direction="support",
        part=row["id"].partition("_")[0],
    )

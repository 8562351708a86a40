"""List what pairs and editors have made of casual words, to be offered elsewhere: ``python -m training.offers``.

Writes ``service/weights/offers.tsv``. A change that people have judged elsewhere is listed if they found it right often
enough; another if the reader of changes lets it pass in a sentence that it does not come from.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from service.editing import edit, straighten
from service.phrasebook import OFFERS, fit_words
from service.precedents import Change, Verdicts, change_of
from service.rewordings import Rewording, find_differences, split_pieces
from service.sentences import split_sentences
from service.speech import word_class
from service.trust import Reader
from training.examples import Pair
from training.labelled import EDITOR, Labelled, read_labelled
from training.trust import judged_changes, read_hand_written

# Longer changes are seldom of use elsewhere.
_MOST_WORDS = 4
# For the same words so many changes are offered, the most usual first.
_MOST_OFFERED = 3
# Uses of a change that the reader looks at, and how likely right one must look.
_USES, _LIKELY = 4, 0.4

# A change that is wrong more often is not worth the asking.
_OFTEN_RIGHT = 0.3


def find_changes(pair: Pair) -> Iterator[Change]:
    """Give the changes of a pair that may be right elsewhere."""
    for text in {straighten(pair.casual), edit(pair.casual)}:
        pieces = split_pieces(text)
        for difference in find_differences(text, pair.wire):
            if _serves_elsewhere(pieces, difference):
                yield change_of(pieces, difference)


def edited_changes(labelled: Iterable[Labelled]) -> Counter[Change]:
    """Count the changes that editors made by hand and that may be right elsewhere."""
    cut = ((split_pieces(one.text), one.rewording) for one in labelled if one.by == EDITOR)
    return Counter(change_of(pieces, edited) for pieces, edited in cut if _serves_elsewhere(pieces, edited))


def _serves_elsewhere(pieces: Sequence[str], change: Rewording) -> bool:
    """Tell whether a change is of words, with no name or figure in them, and of more than small ones."""
    small = word_class("function")
    old = [piece.strip() for piece in pieces[change.start : change.end]]
    new = [piece.strip() for piece in change.pieces]
    # The first word of a text has a capital whatever it is.
    later = [*(old if change.start else old[1:]), *new[not change.start :]]
    return (
        1 <= len(old) <= _MOST_WORDS
        and len(new) <= _MOST_WORDS
        and all(piece[:1].isalpha() and not any(map(str.isdigit, piece)) for piece in (*old, *new))
        and not any(piece[:1].isupper() for piece in later)
        and any(piece.lower() not in small for piece in old)
    )


def find_uses(changes: Mapping[str, Sequence[str]], texts: Iterable[str]) -> Iterator[tuple[Change, str, Rewording]]:
    """Find the sentences in which a change could be made."""
    for text in texts:
        for span in split_sentences(text):
            sentence = span.of(text)
            pieces = split_pieces(sentence)
            words = [piece.strip().lower() for piece in pieces]
            for first in range(len(words)):
                for last in range(first + 1, min(first + _MOST_WORDS, len(words)) + 1):
                    old = " ".join(words[first:last])
                    for new in changes.get(old, ()):
                        yield (old, new), sentence, fit_words(pieces, first, last, new)


def choose_offers(
    pairs: Sequence[Pair], edited: Counter[Change], judged: Mapping[Change, Verdicts], reader: Reader
) -> dict[str, list[str]]:
    """Choose what to offer for which words, of what pairs have and what editors made."""
    counted = edited.copy()
    origins: defaultdict[Change, set[str]] = defaultdict(set)
    for pair in pairs:
        for change in set(find_changes(pair)):
            counted[change] += 1
            origins[change].add(pair.casual)
    changes: defaultdict[str, list[str]] = defaultdict(list)
    for (old, new), _ in counted.most_common():
        changes[old].append(new)
    texts = list(dict.fromkeys(pair.casual for pair in pairs if pair.casual))
    random.Random(0).shuffle(texts)
    uses: defaultdict[Change, list[tuple[str, Rewording]]] = defaultdict(list)
    for change, sentence, rewording in find_uses(changes, texts):
        if len(uses[change]) < _USES and not any(sentence in origin for origin in origins[change]):
            uses[change].append((sentence, rewording))
    asked = [(change, use) for change, found in uses.items() if change not in judged for use in found]
    read = reader.read([use for _, use in asked])
    passed = {change for (change, _), flaws in zip(asked, read, strict=True) if flaws.none >= _LIKELY}
    passed |= {change for change, (right, uses) in judged.items() if right >= _OFTEN_RIGHT * uses}
    offered = {old: [new for new in found if (old, new) in passed][:_MOST_OFFERED] for old, found in changes.items()}
    return {old: found for old, found in sorted(offered.items()) if found}


def main() -> None:
    """Read the command line and write the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=Path("training/lora.toml"), help="names the pairs in `train`")
    arguments = parser.parse_args()
    pairs = read_hand_written(arguments.pairs)
    labelled = read_labelled()
    offers = choose_offers(pairs, edited_changes(labelled), judged_changes(labelled), Reader())
    head = "# words of casual text\twhat pairs and editors have made of them, parted by |; nothing where they go\n"
    rows = "".join(f"{old}\t{'|'.join(new)}\n" for old, new in offers.items())
    OFFERS.write_text(head + rows, encoding="utf-8")
    print(f"{sum(map(len, offers.values()))} changes of {len(offers)} phrases")


if __name__ == "__main__":
    main()

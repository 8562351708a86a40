import pytest

from service.alignment import sentences_of
from service.annotation import Annotator
from service.facts import Fact, FactKind, Verdict
from service.lists import match_lists

SOURCE = "Police seized a laptop, a radio and a diary."


def missing(annotator: Annotator, source: str, copy: str, *known: Fact) -> list[str]:
    stated, rewritten = annotator.annotate([source, copy])
    facts = match_lists(sentences_of(stated), sentences_of(rewritten), source, known=known)
    assert all(fact.kind is FactKind.LIST and fact.verdict is Verdict.OMITTED for fact in facts)
    return [fact.source.of(source) for fact in facts if fact.source]


def test_an_item_that_the_copy_leaves_out_is_named(annotator: Annotator) -> None:
    assert missing(annotator, SOURCE, "A laptop and a diary were seized by police.") == ["radio"]


def test_one_of_two_things_may_be_lost_too(annotator: Annotator) -> None:
    source = "The ban covers trucks and buses from Monday."
    assert missing(annotator, source, "From Monday the ban covers trucks.") == ["buses"]


@pytest.mark.parametrize(
    "copy",
    [
        "A diary, a radio and a laptop were seized by police.",
        "Police seized a laptop and a radio. They also seized a diary.",
        "Police seized a laptop, a transistor and a diary.",
        "Officers searched the flat.",
    ],
    ids=["in another order", "in two sentences", "in another word", "nothing of the list"],
)
def test_a_list_told_otherwise_lacks_nothing(annotator: Annotator, copy: str) -> None:
    assert missing(annotator, SOURCE, copy) == []


def test_a_list_between_commas_needs_no_parser(annotator: Annotator) -> None:
    source = "Trustee Odile wants the ledger, the stamps and silence, by noon."
    assert missing(annotator, source, "Trustee Odile wants the ledger and silence by noon.") == ["stamps"]


def test_chat_between_commas_is_no_item(annotator: Annotator) -> None:
    source = "They took names and addresses, mind, but no cards."
    assert missing(annotator, source, "They took names and addresses but no cards.") == []


def test_what_another_rule_has_found_is_not_told_again(annotator: Annotator) -> None:
    source = "They sell in Norway, Sweden and Denmark."
    stated = annotator.annotate([source])[0]
    place = next(word.span for word in stated.words if word.text == "Sweden")
    lost = Fact(FactKind.PLACE, Verdict.OMITTED, place, None)
    assert missing(annotator, source, "They sell in Norway and Denmark.") == ["Sweden"]
    assert missing(annotator, source, "They sell in Norway and Denmark.", lost) == []

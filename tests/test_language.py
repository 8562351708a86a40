import json
from pathlib import Path

import pytest

from service.language import reads_as_english

DATA = Path(__file__).parents[1] / "training" / "data" / "pairs.jsonl"


def test_every_side_of_every_pair_reads_as_english() -> None:
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    assert [text for row in rows for text in (row["casual"], row["wire"]) if not reads_as_english(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("12,000 😂", id="no word"),
        pytest.param("naur he ate that no crumbs", id="Gen-Z"),
        pytest.param("LA Rams beat Rio de Janeiro XI", id="foreign names in a headline"),
        pytest.param("Zelenskyy, Scholz, Meloni discuss Donbas, Kherson, Zaporizhzhia", id="names only"),
        pytest.param(
            "omg antoinne dubois ruptred his achillies in warmups!!! out til like march at least n theyre startin "
            "okonkwo 2nite instead of him or park",
            id="all lower case",
        ),
        pytest.param(
            "Spain's coast guard rescued 124 people, including nine children, from two inflatable boats south of Gran "
            "Canaria early Sunday, officials said.",
            id="few common words",
        ),
    ],
)
def test_english_in_any_voice_passes(text: str) -> None:
    assert reads_as_english(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "La maire de Paris a dit hier soir qu'elle ne démissionnera pas. Plus de 2 000 personnes sont descendues "
            "dans la rue pour protester contre la fermeture de l'usine, on a compté 14 blessés.",
            id="French",
        ),
        pytest.param("Le maire de Paris ne démissionnera pas", id="French headline"),
        pytest.param(
            "Der Bürgermeister hat am Montag angekündigt, dass die Brücke bis Ende Mai gesperrt bleibt. So will man in "
            "der Stadt die Sanierung beschleunigen. Was in der Sitzung so an Kritik kam, war heftig.",
            id="German",
        ),
        pytest.param(
            "El presidente dijo el martes que no habrá nuevas elecciones antes de junio. La oposición, que ganó la "
            "mayoría en el Congreso, pide una comisión que investigue los contratos. No se sabe si he de creerlo.",
            id="Spanish",
        ),
        pytest.param(
            "O presidente da Câmara disse na terça-feira que a votação do projeto foi adiada para a próxima semana. Os "
            "deputados afirmam que não há acordo e que o governo não tem os votos, mas o ministro nega.",
            id="Portuguese",
        ),
        pytest.param(
            "Premier powiedział w poniedziałek, że rząd nie podniesie podatków przed wyborami. Opozycja uważa, że to "
            "za późno i że pieniądze są potrzebne na szkoły i do szpitali, a on sam nie ma żadnego planu.",
            id="Polish",
        ),
        pytest.param(
            "Belediye başkanı pazartesi günü yaptığı açıklamada köprünün mayıs sonuna kadar kapalı kalacağını söyledi. "
            "Maliyetin 3,4 milyon lira olacağı tahmin ediliyor ve halk bu rakamın çok yüksek olduğunu düşünüyor.",
            id="Turkish",
        ),
        pytest.param(
            "De burgemeester heeft maandag gezegd dat de brug tot eind mei dicht blijft. De kosten zijn veel te hoog. "
            "We were in het stadhuis, was de reactie. Had men over de brug of onder de weg in gedachten?",
            id="Dutch with English look-alikes",
        ),
        pytest.param("Мэр заявил в понедельник, что мост останется закрытым до конца мая.", id="Russian"),
        pytest.param("市长周一表示，这座桥将关闭到五月底。维修费用估计为三百四十万元。", id="Chinese"),
        pytest.param("قال رئيس البلدية يوم الاثنين إن الجسر سيظل مغلقا حتى نهاية مايو.", id="Arabic"),
    ],
)
def test_other_languages_do_not_pass(text: str) -> None:
    assert not reads_as_english(text)

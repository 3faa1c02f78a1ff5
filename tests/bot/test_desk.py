"""What the commands at the user's desk printed, told in words."""

from __future__ import annotations

import pytest

from bot import desk
from bot.render.text import plain_text
from bot.run import Language
from bot.wording import Wording
from checks.desk_output import FINE, Observation, Question, Seen, read


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("seen", Seen)
def test_everything_a_desk_can_see_has_words_and_a_sign(seen: Seen, language: Language) -> None:
    words = Wording(language, strict=True)
    each = Observation(question=Question.PORT, seen=seen, words="<!channel> said", host="smtp.example.com", port=587)
    told = plain_text(desk.report([each], words))
    assert "smtp.example.com 587" in told
    assert ("✓" in told) == (seen in FINE)


def test_the_json_says_the_same() -> None:
    (told,) = desk.document(read("nc: connect to smtp.example.com port 587 (tcp) failed: Connection refused"))
    assert told == {
        "question": "port",
        "seen": "refused",
        "fine": False,
        "host": "smtp.example.com",
        "port": 587,
        "words": "nc: connect to smtp.example.com port 587 (tcp) failed: Connection refused",
    }

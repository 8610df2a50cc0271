"""A kept sentence is stored whole and said in each language."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voirie.messages import Message, counted, message
from voirie.wording import LANGUAGES, Wording

PLAIN = st.one_of(st.text(max_size=8), st.integers(), st.floats(-1e6, 1e6))


@given(st.dictionaries(st.text(min_size=1, max_size=8), PLAIN, max_size=4), st.integers(0, 5))
def test_it_reads_back_from_json_as_it_was(values: dict[str, str | int | float], n: int) -> None:
    inner = Message(text="signs", values=values)
    kept = Message(
        text="one", many="many", n=n, values={**values, "inside": inner, "row": (inner,)}
    )
    assert Message.model_validate_json(kept.model_dump_json()) == kept


def test_values_are_written_as_the_language_writes_them() -> None:
    told = message("{low} to {high}", low=-1234, high=16.25)
    english, french = (Wording(language).say(told) for language in ("en", "fr"))
    assert english == "−1,234 to 16.25"
    assert french.replace("\u202f", " ") == "−1 234 à 16,25"


def test_a_sentence_inside_another_follows_its_language() -> None:
    parts = (message("signs"), message("dumping"))
    told = message(
        "the camera of pass {name} is taken to have {assumed}: places are rough, sizes and "
        "severities are not given",
        name="a",
        assumed=parts,
    )
    assert "pass a is taken to have signs and dumping: " in Wording("en").say(told)
    assert "passage a est supposée avoir panneaux et dépôts sauvages" in Wording("fr").say(told)


@given(st.integers(0, 3))
def test_it_depends_on_how_many_as_the_catalogue_does(n: int) -> None:
    for language in LANGUAGES:
        w = Wording(language)
        assert w.say(counted("{n} road", "{n} roads", n)) == w.plural("{n} road", "{n} roads", n)

"""Names of stored values."""

from __future__ import annotations

import pytest

from voirie import labels
from voirie.nets import load_models
from voirie.stages import Stage
from voirie.wording import LANGUAGES, Wording, translations

NAMES = {
    name: value
    for name, value in vars(labels).items()
    if name.isupper() and isinstance(value, dict)
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_value_has_a_name_in_both_languages(name: str) -> None:
    for value in NAMES[name]:
        french, english = (
            translations(language).gettext(NAMES[name][value]) for language in LANGUAGES
        )
        assert french and english == NAMES[name][value]


def test_a_value_without_a_name_is_shown_as_it_is_stored() -> None:
    assert labels.label(labels.REASONS, "lens_cap on", Wording("fr")) == "lens cap on"


def test_every_stage_has_a_name() -> None:
    assert set(labels.STAGES) == {str(stage) for stage in Stage}


def test_every_licence_of_the_register_is_told_in_french() -> None:
    for role, entry in load_models().entries.items():
        assert entry.licence in labels.LICENCES, role
        assert "pictures" not in Wording("fr").text(entry.licence)

"""What no licence is on record for is not trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inspection.train.datasets import prepare
from inspection.train.licences import LICENCES, refuse_unlicensed
from inspection.train.recipes import RECIPES
from voirie.errors import ConfigurationError


@pytest.mark.parametrize("role", sorted(RECIPES))
def test_every_recipe_rests_on_licences_on_record(role: str) -> None:
    refuse_unlicensed(RECIPES[role])
    unclear = [source for source in RECIPES[role].sources if not LICENCES[source].clear]
    assert RECIPES[role].experimental or not unclear


def test_pictures_without_a_licence_on_record_are_not_even_read(tmp_path: Path) -> None:
    recipe = replace(RECIPES["pavement"], sources=("pavement/dnit", "pavement/found_somewhere"))
    with pytest.raises(ConfigurationError, match=r"no licence is on record.*found_somewhere"):
        prepare(recipe, tmp_path / "data", None, tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_an_experimental_recipe_may_use_an_unclear_licence_and_no_other() -> None:
    recipe = RECIPES["signs_experimental"]
    refuse_unlicensed(recipe)
    with pytest.raises(ConfigurationError, match=r"fr_sy32.*is not clear"):
        refuse_unlicensed(replace(recipe, experimental=False))

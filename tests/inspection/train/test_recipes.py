"""Recipes are whole, and say where a licence is not clear."""

from __future__ import annotations

from dataclasses import replace

from inspection.train.recipes import RECIPES


def test_recipes_are_whole() -> None:
    for role, recipe in RECIPES.items():
        assert recipe.role == role
        assert not recipe.start_rows or len(recipe.start_rows) == len(recipe.classes)
        assert recipe.imgsz_px % 32 == 0
        assert not any(source.endswith("faces_events") for source in recipe.sources), (
            "WIDER FACE is for measuring: what is shipped is not trained on it"
        )


def test_an_experimental_source_makes_the_recipe_experimental() -> None:
    assert RECIPES["dumping"].experimental
    assert RECIPES["pavement_experimental"].experimental
    assert not RECIPES["pavement"].experimental
    assert replace(RECIPES["pavement"], epochs=1).epochs == 1

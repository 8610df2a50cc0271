"""The shipped JSON Schema is the one of the model."""

from __future__ import annotations

from voirie.runsheet import RunSheet, run_schema


def test_the_shipped_schema_is_that_of_the_run_sheet() -> None:
    assert run_schema() == RunSheet.model_json_schema(by_alias=True)

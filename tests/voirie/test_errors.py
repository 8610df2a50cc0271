"""Every way to fail has one sentence, one exit code and one problem type."""

from __future__ import annotations

import pytest

from voirie import errors
from voirie.errors import VoirieError


def kinds(base: type[VoirieError] = VoirieError) -> list[type[VoirieError]]:
    below = [kind for kind in base.__subclasses__() if kind.__module__ == errors.__name__]
    return [kind for one in below for kind in (one, *kinds(one))]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_failure_is_one_sentence_with_an_exit_code(kind: type[VoirieError]) -> None:
    assert str(kind("it is wrong", "a.mp4", "mend it")) == "a.mp4: it is wrong; mend it."
    assert kind.exit_code in {2, 3, 4, 5}
    assert 400 <= kind.http_status < 600
    assert kind.problem_type.startswith("urn:voirie:problem:")


def test_a_problem_type_names_one_kind() -> None:
    named = [kind.problem_type for kind in kinds() if "problem_type" in vars(kind)]
    assert len(set(named)) == len(named)


def test_a_sentence_is_one_short_line_whatever_the_file_is_called_and_holds() -> None:
    told = str(VoirieError("it holds " + "9" * 5000, "a\nb\udcff.csv", "mend\tit"))
    assert told.startswith(r"a\nb\udcff.csv: it holds 999") and told.endswith(r"; mend\tit.")
    assert told.isprintable() and len(told) < 700
    assert str(VoirieError("é", "日本.csv")) == "日本.csv: é."

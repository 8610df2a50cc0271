"""Files that people write: read whole, or refused in one sentence with file and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.scenarios import Scenarios
from voirie.documents import Strict, checked, checked_as_far_as_right, keys_of, read_mapping
from voirie.errors import ConfigurationError
from voirie.inputs import Survey, Vehicle
from voirie.wording import Wording


class Tank(Strict):
    """What a file of the test says."""

    name: str
    litres: list[float]


def test_yaml_and_toml_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("name: é\nlitres: [1, 2.5]\n", encoding="utf-8")
    (tmp_path / "a.toml").write_text('name = "é"\nlitres = [1, 2.5]\n', encoding="utf-8")
    one, other = (read_mapping(tmp_path / name, "the tank") for name in ("a.yml", "a.toml"))
    assert one == other == {"name": "é", "litres": [1, 2.5]}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.yaml", b"a: [", "is no YAML"),
        ("a.toml", b"a: 1", "is no TOML"),
        ("a.yaml", b"", "is empty"),
        ("a.yaml", b"- 1", "is empty"),
        ("a.toml", b"", "is empty"),
        ("a.toml", b'a = "\xe9"', "cannot be read"),
        ("a.toml", None, "is not there: no such file"),
    ],
)
def test_a_file_that_says_nothing_is_one_sentence(
    name: str, content: bytes | None, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError) as raised:
        read_mapping(path, "the tank")
    told = raised.value
    assert told.message.startswith("the tank") and reason in told.message
    assert told.path == str(path) and told.remedy and "\n" not in str(told)


def test_the_first_key_at_fault_is_named_with_its_place() -> None:
    with pytest.raises(ConfigurationError, match=r"wrong at litres\.1 "):
        checked(Tank, {"name": "a", "litres": [1, "much"]}, None, "the tank", "mend it")
    assert checked(Tank, {"name": "a", "litres": [1]}, None, "the tank", "").litres == [1.0]


def test_a_file_larger_than_anybody_writes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text("".join(f"key{n}: 1\n" for n in range(100_000)), "utf-8")
    with pytest.raises(ConfigurationError, match="too large"):
        read_mapping(path, "the price list")


def test_everything_at_fault_is_told_at_once_and_the_rest_is_read() -> None:
    said = {"nmae": "a", "name": "b", "litres": [1, "much", 2, "more"]}
    tank, wrong = checked_as_far_as_right(Tank, said, Path("t.toml"), "the tank", "mend it")
    assert tank == Tank(name="b", litres=[1.0, 2.0])
    told = [str(one) for one in wrong]
    assert len(told) == 3 and all(one.startswith("t.toml: the tank") for one in told)
    assert sum("perhaps name" in one for one in told) == 1
    assert said["litres"] == [1, "much", 2, "more"]


def test_a_misspelt_key_does_not_hide_what_else_is_wrong() -> None:
    tank, wrong = checked_as_far_as_right(
        Tank, {"nmae": "a", "litres": [1, "much"]}, None, "the tank", "mend it"
    )
    assert tank == Tank(name="a", litres=[1.0]) and len(wrong) == 3


def test_what_a_file_cannot_do_without_leaves_nothing_to_read() -> None:
    tank, wrong = checked_as_far_as_right(Tank, {"litres": "all"}, None, "the tank", "mend it")
    assert tank is None and len(wrong) >= 2


def test_every_key_that_a_person_writes_has_its_meaning_in_both_languages() -> None:
    for model in (Survey, Vehicle, Scenarios):
        for key in keys_of(model):
            assert key.meaning, key.name
            assert Wording("fr").text(key.meaning) != key.meaning, key.name

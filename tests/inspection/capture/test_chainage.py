"""A chainage is read as written, or the line that is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.capture.chainage import read_chainage
from voirie.errors import EmptyInput, InputUnusable, NotDecodable

HEAD = "image,route,chainage_m,sens,voie\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "chainage.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_each_image_has_the_key_of_its_lane(tmp_path: Path) -> None:
    text = HEAD.strip() + ",dep\n001.jpg,D108,12.5,+,1,031\n002.jpg,D108,7,-,2,031\n"
    table = read_chainage(written(tmp_path, text))
    assert list(table.index) == ["001.jpg", "002.jpg"]
    assert table["cumul_m"].tolist() == [12.5, 7.0]
    assert table["voie"].tolist() == [1, 2]
    # The department as written, with its zero; what the file does not say is said to be unknown.
    assert table.loc["001.jpg", ["gestionnaire", "dep", "cote", "sens"]].tolist() == [
        "inconnu",
        "031",
        "U",
        "+",
    ]


def test_an_image_named_twice_stands_where_it_is_named_first(tmp_path: Path) -> None:
    table = read_chainage(written(tmp_path, HEAD + "a.jpg,D1,5,+,1\na.jpg,D1,90,+,1\n"))
    assert table["cumul_m"].to_dict() == {"a.jpg": 5.0}


@pytest.mark.parametrize(
    "row",
    [
        *("b.jpg,D1,,+,1", "b.jpg,D1,-3,+,1", "b.jpg,D1,5,north,1", "b.jpg,D1,5,+,right"),
        *("b.jpg,D1,inf,+,1", "b.jpg,D1,nan,+,1", "b.jpg,D1,1e300,+,1", "b.jpg,D1,5,+,inf"),
        *("b.jpg,D1,5,+,1.5", "b.jpg,D1,5,+,0", ",D1,5,+,1", "b.jpg,,5,+,1"),
    ],
)
def test_the_line_that_is_wrong_is_named(tmp_path: Path, row: str) -> None:
    path = written(tmp_path, f"{HEAD}a.jpg,D1,5,+,1\n{row}\n")
    with pytest.raises(InputUnusable, match=r"(line|row) 3") as refused:
        read_chainage(path)
    assert refused.value.path == str(path)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (b"", EmptyInput, "no byte"),
        (HEAD, EmptyInput, "no row"),
        ("image,route,sens,voie\na.jpg,D1,+,1\n", InputUnusable, "chainage_m is missing"),
        (b"\x00\x01image", NotDecodable, "no text"),
    ],
)
def test_a_file_that_is_no_chainage_is_refused(
    tmp_path: Path, text: str | bytes, kind: type[InputUnusable], words: str
) -> None:
    with pytest.raises(kind, match=words):
        read_chainage(written(tmp_path, text))

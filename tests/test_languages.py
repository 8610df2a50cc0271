"""A session is held in one language: what commands say, and how they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.made_survey import build
from voirie.cli import COMMANDS, main

NETWORK = "samples/drive/network.gpkg"
TRACK = "samples/drive/track_a.gpx"
SCENARIOS = "samples/drive/scenarios.toml"

ENGLISH = re.compile(
    r"\b(the|there|is|are|not|no|with|which|give|check|choose|write|copy|again|file|cannot|"
    r"from|run the|see|say|missing|unknown)\b"
)
FRENCH = re.compile(
    r"\b(le|la|les|une|est|pas|avec|donnez|vérifiez|choisissez|écrivez|voyez|dites|fichier)\b|[éèàç]"
)

# Words of the command, and a piece of what it must say in French. FOLDER is an empty folder of
# the test, SURVEY a made survey.
REFUSALS = {
    "unknown command": (["rum"], "il n’y a pas de commande"),
    "unknown option": (["plan", "--nothing"], "option inconnue"),
    "missing argument": (["digest"], "il manque l’argument"),
    "value of no kind": (
        ["run", "a.mp4", "--out", "FOLDER/s", "--min-coverage", "much"],
        "il faut un nombre",
    ),
    "no purpose": (["run", "a.mp4", "--out", "FOLDER/s"], "aucune finalité"),
    "no film": (
        ["run", "FOLDER/a.mp4", "--out", "FOLDER/s", "--purpose", "p", "--network", NETWORK],
        "ni fichier ni dossier",
    ),
    "no step": (
        ["run", "FOLDER/a.mp4", "--out", "FOLDER/s", "--purpose", "p", "--step", "9"],
        "n’est pas un pas",
    ),
    "no out": (["run", "FOLDER/a.mp4", "--purpose", "p"], "aucun dossier n’est nommé"),
    "no survey file": (["run", "FOLDER/survey.toml", "--out", "FOLDER/s"], "n’est pas là"),
    "empty survey file": (["run", "FOLDER/empty.toml", "--out", "FOLDER/s"], "ne contient rien"),
    "no network": (
        ["match", TRACK, "--network", "FOLDER/n.gpkg", "--out", "FOLDER/t.csv"],
        "pas de fichier de ce nom",
    ),
    "empty track": (
        ["match", "FOLDER/empty.gpx", "--network", NETWORK, "--out", "FOLDER/t.csv"],
        "le fichier est vide",
    ),
    "format of no use": (
        ["match", TRACK, "--network", NETWORK, "--out", "FOLDER/t.xls"],
        "n’est pas un format",
    ),
    "a network that is none": (
        ["match", TRACK, "--network", "FOLDER/text.gpkg", "--out", "FOLDER/t.csv"],
        "ne peut être lu",
    ),
    "no sections": (
        ["plan", "FOLDER/s.csv", "--budgets", SCENARIOS, "--out", "FOLDER/p"],
        "pas de fichier de ce nom",
    ),
    "sections without a head": (
        ["plan", "FOLDER/text.txt", "--budgets", SCENARIOS, "--out", "FOLDER/p"],
        "donnez-leur ces noms",
    ),
    "sections that lack a column": (
        ["plan", "FOLDER/table.csv", "--budgets", SCENARIOS, "--out", "FOLDER/p"],
        "manquent",
    ),
    "budgets that are none": (
        ["plan", "FOLDER/table.csv", "--budgets", "FOLDER/wrong.toml", "--out", "FOLDER/p"],
        "clé manquante",
    ),
    "no survey": (["digest", "FOLDER"], "pas un dossier de relevé complet"),
    "no section": (["explain", "section", "nowhere", "--survey", "SURVEY"], "identifiant"),
    "no rank": (["explain", "section", "999", "--survey", "SURVEY"], "pas de rang 999"),
    "no place": (
        ["explain", "section", "D999 PR 1+0000", "--survey", "SURVEY"],
        "ne contient le lieu",
    ),
    "no picture": (
        ["anonymize", "FOLDER/none.jpg", "--out", "FOLDER/out.jpg"],
        "ni fichier ni dossier",
    ),
    "no port": (["serve", "SURVEY", "--host", "no such host"], "impossible d’écouter"),
    "no language": (["digest", "SURVEY", "--lang", "de"], "n’est pas connu"),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("languages")
    for name in ("empty.gpx", "empty.toml"):
        (folder / name).write_bytes(b"")
    (folder / "text.txt").write_text("words\n")
    (folder / "text.gpkg").write_text("words\n")
    (folder / "table.csv").write_text("section_id\n1\n")
    (folder / "wrong.toml").write_text('[[scenarios]]\nname = "a"\n')
    survey = build(tmp_path_factory.mktemp("survey") / "s")
    (survey / "run.json").write_text("{}")
    return {"FOLDER": str(folder), "SURVEY": str(survey)}


def words_of(words: list[str], places: dict[str, str]) -> list[str]:
    for name, place in places.items():
        words = [word.replace(name, place) for word in words]
    return words


def said(text: str, words: list[str]) -> str:
    """What is said beside the words of the user and the names of options, files and commands."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "") if len(word) > 3 else text
    text = re.sub(r"--[a-z-]+( [A-Zÿ]+)?|[\w./-]+\.(toml|gpkg|csv|parquet|gpx|jpg|mp4)\b", "", text)
    # What a library says of a file stands between brackets, in its own language.
    return re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", text)


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_is_french_in_a_french_session(
    case: str,
    places: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    words = words_of(REFUSALS[case][0], places)
    assert main(words) in {2, 3}
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and told.startswith("voirie\u00a0: ") and told.endswith(".\n")
    assert REFUSALS[case][1] in told
    assert not ENGLISH.search(said(told, words)), told
    assert not re.search(r" [;:!?»]|'", said(told, words)), told


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_is_english_in_an_english_session(
    case: str,
    places: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    words = words_of(REFUSALS[case][0], places)
    assert main(words) in {2, 3}
    told = capsys.readouterr().err
    assert told.startswith("voirie: ") and not FRENCH.search(said(told, words)), told


def test_what_is_asked_for_stands_over_the_locale(
    places: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for words in (["--lang", "fr", "digest", "nowhere"], ["digest", "nowhere", "--lang=fr"]):
        assert main(words) == 3
        assert "dossier de relevé" in capsys.readouterr().err
    assert main(["digest", "nowhere"]) == 3
    assert "survey folder" in capsys.readouterr().err


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_help_is_french_in_a_french_session(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert main([*command.split(), "--help"]) == 0
    told = capsys.readouterr().out
    # What the parser says itself is its own: how to call it, what is required, the help.
    ours = [
        line
        for line in told.splitlines()
        if not re.search(r"Usage: |Show this message|\[required\]|\[default", line)
    ]
    assert not ENGLISH.search(re.sub(r"--[a-z-]+", "", " ".join(ours))), told


def test_the_list_of_commands_is_in_the_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert "Poser une trace GPS sur un réseau" in told
    for command in COMMANDS:
        told = told.replace(f" {command.name} ", " ")
    assert not ENGLISH.search(told)


@pytest.mark.parametrize(("language", "other"), [("fr", ENGLISH), ("en", FRENCH)])
def test_match_plan_and_explain_answer_in_the_language(
    language: str,
    other: re.Pattern[str],
    places: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    survey, out = places["SURVEY"], str(tmp_path / "p")
    calls = (
        ["match", TRACK, "--network", NETWORK, "--out", str(tmp_path / "t.csv")],
        ["plan", f"{survey}/tables/sections.parquet", "--budgets", SCENARIOS, "--out", out],
        ["explain", "section", "D108 PR 12+0210", "--survey", survey],
    )
    for words in calls:
        assert main([*words, "--lang", language]) == 0
        told = capsys.readouterr().out
        assert len(told.split()) > 10
        # Names of scenarios and routes are the user's own.
        own = re.sub(r"Ville-Exemple|Essentiel|Équilibre|Reprise|x\d.*k€", "", said(told, words))
        assert not other.search(own), own

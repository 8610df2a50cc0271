"""The report as a reader, a browser and an auditor meet it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest

from gis.scoring.explain import explain_section
from inspection.publish.report.page import write_report
from tests.made_files import WARNINGS
from voirie.catalogue.scheme import load_scheme
from voirie.errors import NotCertified
from voirie.labels import QUANTITIES
from voirie.tables import empty, read_table, write_table
from voirie.wording import LANGUAGES, Wording

VOID = {"meta", "link", "input", "br", "img"}


class Reader(HTMLParser):
    """Elements, texts and identifiers of a page; complains when the page is not well nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-4:])
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(path: Path) -> tuple[str, Reader]:
    html = path.read_text("utf-8")
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return html, reader


@pytest.fixture(scope="module")
def page(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Reader]:
    return read(write_report(made, tmp_path_factory.mktemp("report") / "report.html"))


@pytest.fixture(scope="module")
def bare_page(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Reader]:
    return read(write_report(bare, tmp_path_factory.mktemp("report") / "report.html"))


def test_it_fetches_nothing(page: tuple[str, Reader]) -> None:
    _, reader = page
    for _, attributes in reader.tags:
        for name in ("src", "href", "xlink:href", "action", "poster", "srcset"):
            assert attributes.get(name, "#").startswith(("#", "data:")), attributes
    assert {tag for tag, _ in reader.tags} & {"iframe", "object", "embed", "form", "base"} == set()


def test_its_policy_lets_in_its_own_style_and_script_alone(page: tuple[str, Reader]) -> None:
    html, reader = page
    policy = next(a["content"] for t, a in reader.tags if a.get("http-equiv"))
    assert "'unsafe" not in policy and "default-src 'none'" in policy
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not any("style" in a or any(n.startswith("on") for n in a) for _, a in reader.tags)


def test_both_languages_stand_in_the_page_and_links_lead_somewhere(
    page: tuple[str, Reader],
) -> None:
    _, reader = page
    assert [a["lang"] for t, a in reader.tags if t == "main"] == ["fr", "en"]
    ids = [a["id"] for _, a in reader.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for _, a in reader.tags if a.get("href", "").startswith("#")} <= set(ids)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_language_alone(made: Path, tmp_path: Path, language: str) -> None:
    _, reader = read(write_report(made, tmp_path / "report.html", language))  # type: ignore[arg-type]
    assert [a["lang"] for t, a in reader.tags if t in {"html", "main"}] == [language, language]
    assert not any(t == "input" for t, _ in reader.tags)


def test_drawings_and_tables_speak_to_those_who_do_not_see(page: tuple[str, Reader]) -> None:
    _, reader = page
    for tag, attributes in reader.tags:
        if tag == "svg":
            assert attributes.get("aria-label") or attributes.get("aria-hidden") == "true"
        if tag == "th":
            assert attributes.get("scope") in {"col", "row", "colgroup"}
        assert tag != "img"


def test_it_says_what_it_is(page: tuple[str, Reader]) -> None:
    html, _ = page
    for sentence in (
        "analyse automatique d’images",
        "proposés, non confirmés",
        "automatic analysis of pictures",
        "Expérimental.",
        "AFF, BOR, ORN",
        "CodeCarbon offline, process mode",
        "CodeCarbon hors ligne",
    ):
        assert sentence in html
    assert "5e775e77" in html and "9f2c9f2c" in html


def test_bounds_of_severity_stand_with_the_scheme(page: tuple[str, Reader]) -> None:
    words = " ".join(page[1].words)
    for code, rule in load_scheme().severity.items():
        unit = "m²" if rule.quantity == "area_m2" else "m"
        for language in LANGUAGES:
            w = Wording(language)
            bounds = " / ".join(w.number(bound, 2) for bound in rule.bounds)
            assert f"{w.text(QUANTITIES[rule.quantity])} {bounds} {unit}" in words, code


def test_a_stage_that_was_stopped_says_in_how_many_tries(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    shutil.copytree(made, folder)
    sheet = json.loads((folder / "run.json").read_text("utf-8"))
    sheet["stages"][0]["tries"] = 3
    (folder / "run.json").write_text(json.dumps(sheet), "utf-8")
    html = write_report(folder, folder / "report.html").read_text("utf-8")
    colon = Wording("fr").text(": ")
    for sentence in ("en 3 essais", f"dernier essai{colon}", "in 3 tries", "last try: "):
        assert html.count(sentence) == 1


def test_what_the_stages_warn_of_is_said_in_the_language_of_the_page(
    page: tuple[str, Reader],
) -> None:
    french, english = page[0].replace("\u202f", " ").replace("\u00a0", " ").split("<main")[1:]
    assert "1 section sur 1 200 n’est pas relevée (surface : 12,5 %)" in french
    assert "rien n’a cherché les dépôts sauvages : aucun modèle" in french
    assert "1 section of 1,200 is not surveyed (area: 12.5 %)" in english
    for message in WARNINGS:
        assert Wording("en").say(message) not in french


def test_figures_are_those_of_the_tables(page: tuple[str, Reader], made: Path) -> None:
    _, reader = page
    words = " ".join(reader.words)
    sections = read_table("sections", made / "tables")
    french = Wording("fr")
    for row in sections[sections["note_globale"].notna()].itertuples():
        assert french.note(row.note_globale) in words
    for row in read_table("scenarios", made / "tables").itertuples():
        assert french.number(row.total_eur) in words
        assert Wording("en").number(row.note_end, 2) in words
    low = read_table("scenarios", made / "tables")["note_low"].dropna().iloc[0]
    assert f"{french.number(low, 2)} (D)" in words
    assert "\u202f" in words


def test_the_arithmetic_shown_gives_the_stored_note(page: tuple[str, Reader], made: Path) -> None:
    html, _ = page
    tables = {n: read_table(n, made / "tables") for n in ("sections", "section_notes", "extents")}
    worst = tables["sections"].sort_values("note_globale").iloc[0]
    told = explain_section(
        worst["section_id"], tables["sections"], tables["extents"], tables["section_notes"]
    )
    card = html[html.index(f'id="fr-w-{worst["section_id"]}"') :]
    card = card[: card.index("</article>")]
    french = Wording("fr")
    for line in told.lanes[0].lines:
        assert french.number(line.product, 2) in card
    assert told.section_sentence(french) in card
    assert "ne se retrouve pas" not in html


def test_the_reason_of_a_work_is_said_in_the_language_of_the_page(
    page: tuple[str, Reader], made: Path
) -> None:
    html, _ = page
    works = read_table("works", made / "tables")
    french, english = html.split("<main")[1:]
    for words, column in ((french, "reason_fr"), (english, "reason_en")):
        for said in works[column].unique():
            assert words.count(f">{said}<") == (works[column] == said).sum()
    assert works["reason_en"].iloc[0] not in french


def test_the_rule_idleness_and_what_is_assumed_stand_beside_the_programme(
    page: tuple[str, Reader], made: Path
) -> None:
    html, _ = page
    english = html.split("<main")[2]
    w = Wording("en")
    for row in read_table("scenarios", made / "tables").itertuples():
        for amount in (
            row.need_end_eur,
            row.rule_need_end_eur,
            row.do_nothing_need_end_eur,
            row.total_seen_eur,
            row.total_assumed_eur,
            row.need_start_assumed_eur,
        ):
            assert f">{w.euro(amount)}</td>" in english
        assert f">{w.number(row.rule_note_end, 2)}</td>" in english
    assert "82% of the area has a measured score" in english


def test_who_asks_why_not_my_road_is_answered_in_the_language_of_the_page(
    page: tuple[str, Reader], made: Path
) -> None:
    html, _ = page
    told = read_table("section_plans", made / "tables")
    waiting = told[~told["situation"].isin(["at_once", "nothing_called"])]
    french, english = html.split("<main")[1:]
    for words, column in ((french, "why_fr"), (english, "why_en")):
        for said in waiting[column].unique():
            assert said in words
    assert waiting["why_en"].iloc[0] not in french
    assert "Pourquoi pas ma route" in french and "hy not my road?" in english


def test_a_note_that_does_not_follow_is_denounced(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    shutil.copytree(made, folder)
    sections = read_table("sections", folder / "tables")
    sections["note_globale"] = sections["note_globale"] - 0.5
    sections.to_parquet(folder / "tables" / "sections.parquet", index=False)
    html = write_report(folder, folder / "report.html").read_text("utf-8")
    assert "ne se retrouve pas" in html and "does not follow" in html


def test_pictures_stand_once_small_and_decodable(page: tuple[str, Reader]) -> None:
    html, reader = page
    stored = re.findall(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", html)
    assert 3 <= len(stored) <= 40
    for text in stored:
        data = np.frombuffer(base64.b64decode(text), np.uint8)
        assert cv2.imdecode(data, cv2.IMREAD_COLOR).shape[1] == 880
    shown = [a["href"] for t, a in reader.tags if t == "use"]
    assert sorted(set(shown[: len(shown) // 2])) == sorted(set(shown))
    assert len(html.encode()) < 8_000_000


def test_a_changed_picture_stops_the_report(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    shutil.copytree(made, folder)
    for path in folder.glob("pictures/*/*.jpg"):
        path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(NotCertified):
        write_report(folder, folder / "report.html")
    assert not (folder / "report.html").exists()


def test_without_a_certificate_no_picture_is_shown(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    shutil.copytree(made, folder)
    (folder / "certificate.json").unlink()
    html = write_report(folder, folder / "report.html").read_text("utf-8")
    assert "data:image/jpeg" not in html
    assert "pas de certificat d’anonymisation" in html


def test_without_notes_coordinates_and_plan_it_says_why(bare_page: tuple[str, Reader]) -> None:
    html, reader = bare_page
    for sentence in (
        "Aucune note n’est donnée",
        "Pas de carte",
        "Aucun plan",
        "No score is given",
        "No map",
        "No plan",
    ):
        assert sentence in html
    assert "nan" not in " ".join(reader.words).lower().split()
    assert not any("map" in a.get("class", "").split() for t, a in reader.tags if t == "svg")
    strips = [a for t, a in reader.tags if t == "svg" and a.get("class") == "strip"]
    assert len(strips) == 4
    assert "data:image/jpeg" in html


def test_tables_alone_still_make_a_report(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "tables", tmp_path / "tables")
    for name in ("works", "plan_years", "scenarios", "track", "views"):
        (tmp_path / "tables" / f"{name}.parquet").unlink()
    html = write_report(tmp_path, tmp_path / "report.html").read_text("utf-8")
    assert "La feuille de marche n’est pas encore écrite" in html and "Aucun plan" in html


def test_what_nobody_looked_for_is_not_called_absent(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    shutil.copytree(made, folder)
    findings = read_table("findings", folder / "tables")
    write_table("findings", findings[findings["family"] == "pavement"], folder / "tables")
    for name in ("signs", "dumping"):
        write_table(name, empty(name), folder / "tables")
    sheet = json.loads((folder / "run.json").read_text("utf-8"))
    sheet["models"] = [model for model in sheet["models"] if model["role"] != "signs"]
    (folder / "run.json").write_text(json.dumps(sheet), "utf-8")
    html = write_report(folder, folder / "report.html").read_text("utf-8")
    told = {
        name: html.split(f"<h3>{name}</h3>")[1].split("</p>")[0]
        for name in ("Panneaux", "Dépôts sauvages")
    }
    assert "Non cherché lors de ce relevé" in told["Panneaux"]
    assert "Cherché, et rien n’a été repéré" in told["Dépôts sauvages"]
    assert "Non cherchés lors de ce relevé" in html and ": panneaux" in html.replace("\u00a0", "")


def test_names_from_outside_stay_text(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    shutil.copytree(made, folder)
    sections = read_table("sections", folder / "tables")
    sections["commune"] = '<script>alert("x")</script>'
    sections["pole"] = "a & <b>"
    sections.to_parquet(folder / "tables" / "sections.parquet", index=False)
    html, reader = read(write_report(folder, folder / "report.html"))
    assert sum(tag == "script" for tag, _ in reader.tags) == 1
    assert "&lt;script&gt;" in html


def test_the_same_folder_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    pages = [write_report(made, tmp_path / name).read_bytes() for name in ("a.html", "b.html")]
    assert pages[0] == pages[1]


def test_each_picture_opens_at_full_width_in_each_language(page: tuple[str, Reader]) -> None:
    html, reader = page
    stored = html.count("data:image/jpeg;base64,")
    for language in LANGUAGES:
        opened = {a["id"] for _, a in reader.tags if a.get("class") == "viewer"}
        own = {name for name in opened if name.startswith(f"{language}-")}
        assert len(own) == stored
        links = [a["href"][1:] for t, a in reader.tags if t == "a" and a.get("href", "")[1:] in own]
        assert links


def test_no_text_of_a_drawing_or_of_the_page_is_under_12_px(page: tuple[str, Reader]) -> None:
    """Wide drawings keep their width on a phone and scroll inside themselves."""
    html, reader = page
    sizes = [float(a["font-size"]) for t, a in reader.tags if t == "text" and "font-size" in a]
    assert sizes and min(sizes) >= 12
    screen = html.split("<style>")[1].split("@media print")[0]
    stated = re.findall(r"font(?:-size)?: ?(?:[0-9]+ )?([0-9.]+)px", screen)
    assert len(stated) > 20 and min(map(float, stated)) >= 12
    scrolled = re.search(r"svg.strip, svg.map, svg.curves, svg.classbar { min-width: (\d+)px", html)
    assert scrolled is not None and int(scrolled[1]) == 1040

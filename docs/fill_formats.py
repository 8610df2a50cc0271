"""Fill the pages of ``docs/formats`` from the code: keys from the models, examples from files.

    python docs/fill_formats.py

A page is written by hand but for its blocks, from ``<!-- keys NAME -->`` or ``<!-- file PATH -->``
to ``<!-- end -->``. A page that ends in ``.fr.md`` is French. ``tests/test_formats.py`` fills again
and compares.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from planning.scenarios import Scenarios
from voirie.documents import Key, keys_of
from voirie.inputs import Survey, Vehicle
from voirie.wording import Language, Wording

FOLDER = Path(__file__).resolve().parent / "formats"
MODELS: dict[str, type[BaseModel]] = {
    "survey": Survey,
    "vehicle": Vehicle,
    "scenarios": Scenarios,
}
BLOCK = re.compile(r"<!-- (keys|file) (\S+) -->\n.*?<!-- end -->", re.DOTALL)
FENCES = {".toml": "toml", ".csv": "csv", ".gpx": "xml", ".geojson": "json"}
HEADS: dict[Language, str] = {
    "fr": "| clé | valeur | si absente | |\n|---|---|---|---|",
    "en": "| key | value | if absent | |\n|---|---|---|---|",
}
KINDS: dict[Language, dict[type, str]] = {
    "fr": {
        bool: "`true` ou `false`",
        int: "entier",
        float: "nombre",
        str: "texte",
        Path: "fichier",
        date: "date",
        datetime: "date et heure",
    },
    "en": {
        bool: "`true` or `false`",
        int: "whole number",
        float: "number",
        str: "text",
        Path: "file",
        date: "date",
        datetime: "date and time",
    },
}
SAID: dict[Language, dict[str, str]] = {
    "fr": {"or": "ou", "from": "de", "to": "à", "list": "liste : ", "required": "**obligatoire**"},
    "en": {"or": "or", "from": "from", "to": "to", "list": "list: ", "required": "**required**"},
}


def filled(page: Path) -> str:
    """A page with its blocks as the code has them now."""
    language: Language = "fr" if page.name.endswith(".fr.md") else "en"

    def block(match: re.Match[str]) -> str:
        what, name = match[1], match[2]
        inside = _keys(name, language) if what == "keys" else _file(name)
        return f"<!-- {what} {name} -->\n{inside}\n<!-- end -->"

    return BLOCK.sub(block, page.read_text("utf-8"))


def pages() -> list[Path]:
    """Every page of formats."""
    return sorted(FOLDER.glob("*.md"))


def _file(name: str) -> str:
    path = FOLDER / name
    return f"`{path.name}`\n\n```{FENCES[path.suffix]}\n{path.read_text('utf-8').rstrip()}\n```"


def _keys(name: str, language: Language) -> str:
    rows = (_row(key, language) for key in keys_of(MODELS[name]))
    return "\n".join([HEADS[language], *rows])


def _row(key: Key, language: Language) -> str:
    w = Wording(language)
    cells = (f"`{key.name}`", _kind(key.field, w), _absent(key.field, w), w.text(key.meaning))
    return f"| {' | '.join(cells)} |"


def _kind(field: FieldInfo, w: Wording) -> str:
    """Kind and bounds of a value."""
    said = SAID[w.language]
    kind = field.annotation
    parts = [part for part in get_args(kind) if part is not type(None)]
    if get_origin(kind) is Literal:
        return f" {said['or']} ".join(f"`{value}`" for value in parts)
    if get_origin(kind) is tuple:
        return said["list"] + _of(parts[0], w.language)
    if get_origin(kind) is dict:
        return said["list"] + f"{KINDS[w.language][Path]} = SHA-256"
    inner = parts[0] if parts else kind
    if get_origin(inner) is Literal:
        return f" {said['or']} ".join(f"`{value}`" for value in get_args(inner))
    bounds = {
        name: value
        for rule in (*field.metadata, *_rules(inner))
        for name in ("gt", "ge", "lt", "le")
        if (value := getattr(rule, name, None)) is not None
    }
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    told = _of(inner, w.language)
    if low is not None and high is not None and abs(high) < 1e6:
        told += f", {said['from']} {_number(low, w)} {said['to']} {_number(high, w)}"
    return told


def _rules(annotation: object) -> list[object]:
    """Bounds that an annotated kind brings."""
    return [rule for meta in getattr(annotation, "__metadata__", ()) for rule in _spread(meta)]


def _spread(meta: object) -> list[object]:
    return list(meta.metadata) if isinstance(meta, FieldInfo) else [meta]


def _of(annotation: object, language: Language) -> str:
    plain = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    assert isinstance(plain, type)
    return KINDS[language][plain]


def _absent(field: FieldInfo, w: Wording) -> str:
    if field.is_required():
        return SAID[w.language]["required"]
    default = field.get_default(call_default_factory=True)
    if default in (None, "", {}):
        return ""
    return f"`{default}`"


def _number(value: float, w: Wording) -> str:
    if 1000 <= value < 10_000:  # a year
        return f"{value:g}"
    digits = 0 if float(value).is_integer() else len(f"{value}".partition(".")[2])
    return w.number(value, digits)


def main() -> None:
    """Fill every page."""
    for page in pages():
        page.write_text(filled(page), encoding="utf-8")


if __name__ == "__main__":
    main()

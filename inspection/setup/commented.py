"""TOML with a comment above each key: what it means, in the language of who will read it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

import tomli_w
from pydantic import BaseModel

from voirie.documents import keys_of, model_in
from voirie.wording import Wording

WIDTH = 96


def commented(
    model: type[BaseModel], values: Mapping[str, object], w: Wording, head: Sequence[str] = ()
) -> str:
    """A file that a model reads, with the meaning of each key above it.

    Parameters
    ----------
    model
        What reads the file.
    values
        Values by dotted key, lists of tables as lists of such mappings. A key of the model that
        is absent here is left out; one whose value is None is shown commented out, with the
        example that the model gives.
    w
        Language of the comments.
    head
        Paragraphs above everything.

    Examples
    --------
    >>> from voirie.inputs import Vehicle
    >>> given = {"vehicle.name": "van", "camera.height_m": 1.3, "camera.fov_deg": None}
    >>> print(commented(Vehicle, given, Wording("en")).split("[camera]")[0])
    [vehicle]
    # name of the vehicle
    name = "van"
    <BLANKLINE>
    <BLANKLINE>
    """
    lines = [line for text in head for line in (*_comment(text), "")]
    lines += _lines(model, values, w, "")
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(
    model: type[BaseModel], values: Mapping[str, object], w: Wording, table: str
) -> Iterator[str]:
    """Keys of their own first, as TOML wants them, then tables and lists of tables."""
    keys = {key.name: key for key in keys_of(model)}
    for name, value in values.items():
        if name in keys and "." not in name:
            yield from _comment(w.text(keys[name].meaning))
            yield from _assigned(name, value, keys[name].field.examples)
            yield ""
    parts = dict.fromkeys(name.split(".")[0] for name in values if "." in name)
    for part in parts:
        yield f"[{table}{part}]"
        for name, value in values.items():
            if name.startswith(f"{part}."):
                yield from _comment(w.text(keys[name].meaning))
                yield from _assigned(name.partition(".")[2], value, keys[name].field.examples)
                yield ""
    for name, rows in values.items():
        field = model.model_fields.get(name)
        kind = None if field is None else model_in(field.annotation)
        if kind is not None and isinstance(rows, list):
            for rank, row in enumerate(rows):
                yield f"[[{table}{name}]]"
                written = list(_lines(kind, row, w, f"{table}{name}."))
                # What a key means is said once.
                yield from written if rank == 0 else _without_comments(written)
                yield ""


def _assigned(name: str, value: object, examples: Sequence[object] | None) -> list[str]:
    if isinstance(value, list) and len(value) == 1:
        return [f"{name} = [{tomli_w.dumps({name: value[0]}).partition(' = ')[2].strip()}]"]
    if value is not None:
        return _toml(name, value)
    shown = _toml(name, examples[0]) if examples else [f"{name} ="]
    return [f"# {line}" for line in shown]


def _comment(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )


def _without_comments(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line and not line.startswith("#")]


def _toml(name: str, value: object) -> list[str]:
    # A value may hold what Python takes for the end of a line and TOML does not.
    return tomli_w.dumps({name: value}).rstrip("\n").split("\n")

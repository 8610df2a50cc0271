"""The command ``voirie train``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from inspection.train.run import train


def train_command(
    role: Annotated[str, typer.Argument(help="Role in models.toml, such as pavement")],
    data: Annotated[Path, typer.Option(help="Root of the public data sets, read only")],
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and the result")],
    start: Annotated[
        Path, typer.Option(help="Weights to start from (.pt, or .onnx of ours)")
    ] = Path("start.pt"),
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the pictures")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON")] = False,
) -> None:
    """Train the network of a role and export it to ONNX; a second call resumes."""
    made = train(role, data, start, out, epochs)
    print(json.dumps({"role": role, "file": str(made)}) if as_json else made)

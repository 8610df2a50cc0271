"""The entry of ``voirie train``."""

from __future__ import annotations

import shutil
from pathlib import Path

from inspection.train.libraries import keep_quiet, require
from inspection.train.recipes import RECIPES
from voirie.errors import ConfigurationError

THREADS = 2


def train(role: str, data: Path, start: Path, out: Path, epochs: int | None = None) -> Path:
    """Train the network of a role and export it; a second call goes on where one was stopped.

    Parameters
    ----------
    role : str
        A key of :data:`inspection.train.recipes.RECIPES`.
    data : Path
        Root of the public data sets, read only.
    start : Path
        Weights to start from (``.pt``).
    out : Path
        Folder for the pictures, the checkpoints and the result.
    epochs : int, optional
        Passes over the pictures; the recipe's own number where not given.

    Returns
    -------
    Path
        The ONNX file; the ``.pt`` of the same name lies beside it.
    """
    if role not in RECIPES:
        raise ConfigurationError(
            f"no recipe for the role {role!r}", remedy=f"choose one of {', '.join(RECIPES)}"
        )
    require()
    recipe = RECIPES[role]
    for path in (start, *(data / source for source in recipe.sources)):
        if not path.exists():
            raise ConfigurationError("not found", path)

    # Here and not above: this loads cv2 and openvino, and the line after it torch.
    from inspection.train.datasets import prepare
    from inspection.train.export import export_onnx
    from inspection.train.fit import fit
    from inspection.train.heads import with_classes

    keep_quiet(out)
    begin = start
    if recipe.start_rows:
        begin = out / "starts" / f"{role}.pt"
        if not begin.exists():
            with_classes(start, recipe.classes, recipe.start_rows, begin)
    labeller = None
    if recipe.machine_labels:
        labeller = begin.with_suffix(".onnx")
        if not labeller.exists():
            export_onnx(begin, labeller)
    index_file = prepare(recipe, data, labeller, out / "pictures" / role)
    fitted = fit(recipe, index_file, begin, out / "runs" / role, epochs or recipe.epochs, THREADS)
    shutil.copyfile(fitted, out / f"{role}.pt")
    return export_onnx(fitted, out / f"{role}.onnx")

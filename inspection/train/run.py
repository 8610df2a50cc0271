"""Training of one network, from public data sets to the file that is shipped."""

from __future__ import annotations

from pathlib import Path

from inspection.train.libraries import keep_quiet, require
from inspection.train.recipes import RECIPES
from voirie.errors import ConfigurationError

THREADS = 2
SIGN_TYPES = "sign_types"


def train(role: str, data: Path, start: Path, out: Path, epochs: int | None = None) -> Path:
    """Train the network of a role and export it; a second call goes on where one was stopped.

    Parameters
    ----------
    role : str
        A key of :data:`inspection.train.recipes.RECIPES`, or ``sign_types``.
    data : Path
        Root of the public data sets, read only.
    start : Path
        Weights to start from: ``.pt``, or a network of ours with the same classes as ``.onnx``.
        ``sign_types`` starts from nothing and ignores it.
    out : Path
        Folder for the pictures, the checkpoints and the result.
    epochs : int, optional
        Passes over the pictures; the recipe's own number where not given.

    Returns
    -------
    Path
        The ONNX file; for a detector the ``.pt`` of the same name lies beside it.
    """
    if role not in (*RECIPES, SIGN_TYPES):
        raise ConfigurationError(
            f"no recipe for the role {role!r}",
            remedy=f"choose one of {', '.join((*RECIPES, SIGN_TYPES))}",
        )
    require()
    if role == SIGN_TYPES:
        return _train_sign_types(data, out, epochs)
    recipe = RECIPES[role]
    _must_exist(start, *(data / source for source in recipe.sources))

    # Here and not above: this loads cv2 and openvino, and the line after it torch.
    from inspection.train.datasets import prepare
    from inspection.train.export import export_onnx, strip_weights
    from inspection.train.fit import fit
    from inspection.train.heads import with_classes
    from inspection.train.recover import from_onnx

    keep_quiet(out)
    begin = start
    if start.suffix == ".onnx":
        begin = out / "starts" / f"{role}.pt"
        if not begin.exists():
            from_onnx(start, recipe.classes, begin)
    elif recipe.start_rows:
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
    return export_onnx(strip_weights(fitted, out / f"{role}.pt"), out / f"{role}.onnx")


def _train_sign_types(data: Path, out: Path, epochs: int | None) -> Path:
    """Train the small classifier of signs; short enough to be done in one go."""
    _must_exist(data / "signs" / "gtsdb", data / "signs" / "gtsrb_crops")
    from inspection.train.classifier import EPOCHS, fit_classifier
    from inspection.train.sign_data import CROP_FOLDERS, classifier_crops

    crops = classifier_crops(data, "train")
    # One class more than there are types: no sign.
    classes = len(CROP_FOLDERS) + 1
    return fit_classifier(crops, classes, out / f"{SIGN_TYPES}.onnx", epochs or EPOCHS)


def _must_exist(*paths: Path) -> None:
    for path in paths:
        if not path.exists():
            raise ConfigurationError("not found", path)

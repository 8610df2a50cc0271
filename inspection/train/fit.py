"""Fitting a detector with ultralytics, on whatever processor there is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from inspection.train.libraries import has_fast_bfloat16, keep_quiet, load
from inspection.train.recipes import Recipe

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from ultralytics.engine.trainer import BaseTrainer


def fit(
    recipe: Recipe, index_file: Path, start: Path, out: Path, epochs: int, threads: int
) -> Path:
    """Train, or go on from the last checkpoint, and return the finished ``.pt``.

    Parameters
    ----------
    recipe : Recipe
        What to train and how.
    index_file : Path
        The ``data.yaml`` of the prepared pictures.
    start : Path
        Weights to start from.
    out : Path
        Folder of the run; ``weights/last.pt`` in it is written after each epoch.
    epochs : int
        Passes over the pictures.
    threads : int
        Processor threads of torch; ignored where a GPU does the work.

    Returns
    -------
    Path
        Weights (exponential moving average, fp16, without optimizer).
    """
    keep_quiet(out.parent)
    torch = load("torch")
    trainer_class = load("ultralytics.models.yolo.detect").DetectionTrainer
    on_gpu = torch.cuda.is_available()

    def start_on_cpu(trainer: BaseTrainer) -> None:
        # Here and not earlier: ultralytics sets its own number when it chooses the device.
        torch.set_num_threads(threads)
        fast_on_cpu(trainer)

    class Trainer(trainer_class):  # type: ignore[valid-type,misc]
        """The ultralytics trainer without its own validation: the figures are measured by us."""

        def get_model(
            self,
            cfg: str | None = None,
            weights: Module | None = None,
            verbose: bool = True,
        ) -> Module:
            # A start that already has the classes keeps its head to the last filter.
            if weights is not None and list(weights.names.values()) == list(recipe.classes):
                return weights.float()
            return super().get_model(cfg, weights, verbose)

        def validate(self) -> tuple[dict[str, float], float]:
            return {}, 0.0

        def final_eval(self) -> None:
            load("ultralytics.utils.torch_utils").strip_optimizer(self.last)

    last = out / "weights" / "last.pt"
    done = out / "done"
    if done.exists():
        return last
    model = load("ultralytics").YOLO(str(last if last.exists() else start))
    model.add_callback("on_train_batch_start", Anneal(recipe))
    if not on_gpu:
        model.add_callback("on_train_start", start_on_cpu)
    if last.exists():
        model.train(trainer=Trainer, resume=True)
    else:
        model.train(
            trainer=Trainer,
            data=str(index_file),
            project=str(out.parent),
            name=out.name,
            exist_ok=True,
            epochs=epochs,
            imgsz=recipe.imgsz_px,
            batch=recipe.batch,
            nbs=recipe.batch,
            device=0 if on_gpu else "cpu",
            cache="ram",
            workers=8 if on_gpu else 1,
            amp=on_gpu,
            seed=0,
            deterministic=False,
            rect=recipe.same_aspect,
            val=False,
            plots=False,
            patience=0,
            pretrained=True,
            freeze=recipe.freeze_layers or None,
            optimizer="AdamW",
            lr0=recipe.lr,
            weight_decay=5e-4,
            warmup_epochs=0,
            close_mosaic=recipe.close_mosaic_epochs,
            **recipe.augment,
        )
    done.touch()
    return last


class Anneal:
    """Learning rate by batch: a short rise, then half a cosine down to its end.

    Ultralytics changes the rate once an epoch, so that a run of two or three never sees a low one.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._done = -1

    def __call__(self, trainer: BaseTrainer) -> None:
        """Set the rate of the batch that is about to be computed."""
        batches = len(trainer.train_loader)
        if self._done < 0:
            self._done = trainer.start_epoch * batches
        rate = self._recipe.lr * rate_share(
            self._done / (batches * trainer.epochs),
            self._recipe.warmup_share,
            self._recipe.lr_end_share,
        )
        for group in trainer.optimizer.param_groups:
            group["lr"] = rate
        self._done += 1


def rate_share(progress: float, warmup_share: float, end_share: float) -> float:
    """Share of the full learning rate at a progress from 0 to 1.

    Examples
    --------
    >>> [round(rate_share(p, 0.1, 0.02), 3) for p in (0.0, 0.05, 0.1, 0.55, 1.0)]
    [0.02, 0.51, 1.0, 0.51, 0.02]
    """
    if progress < warmup_share:
        return end_share + (1 - end_share) * progress / warmup_share
    fallen = min(1.0, (progress - warmup_share) / (1 - warmup_share))
    return end_share + (1 - end_share) * (1 + math.cos(math.pi * fallen)) / 2


def fast_on_cpu(trainer: BaseTrainer) -> None:
    """Let the convolutions run in bfloat16 with channels last; the loss stays in float32.

    Measured on two AVX-512 cores with YOLO11n at 320 px: 68 ms a picture plain, 28 ms so.
    Ultralytics refuses mixed precision on a CPU, hence this callback. Box distances lose
    too much in eight bits of mantissa, so the loss sees float32.
    """
    torch = load("torch")
    model = trainer.model
    fast = has_fast_bfloat16()
    model.to(memory_format=torch.channels_last)
    plain_forward, plain_loss = model.forward, model.init_criterion()

    def forward(x: Tensor, *args: object, **kwargs: object) -> object:
        with torch.autocast("cpu", torch.bfloat16, enabled=fast):
            return plain_forward(x, *args, **kwargs)

    def loss(preds: object, batch: Mapping[str, object]) -> object:
        with torch.autocast("cpu", enabled=False):
            return plain_loss(_float32(preds), batch)

    model.forward = forward
    model.criterion = loss


def _float32(value: object) -> object:
    """Cast the tensors of nested dicts, lists and tuples."""
    if isinstance(value, dict):
        return {key: _float32(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_float32(item) for item in value)
    return value.float() if hasattr(value, "float") else value

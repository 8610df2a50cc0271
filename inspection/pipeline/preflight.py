"""Every input is tried before anything is written: a refusal leaves nothing behind."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from anonymize import Sealer
from anonymize.sealer import unfit_without_weights
from inspection.capture.chainage import read_chainage
from inspection.capture.pass_track import track_of
from inspection.context import PassSetup, RunContext
from inspection.detection.tasks import active_models
from inspection.options import Options
from inspection.resources import Resources
from voirie.errors import ConfigurationError, InputUnusable, NetworkUnusable, NotDecodable
from voirie.media import RawFrame, list_stills, read_still

LEAST_SIDE_PX = 160
SHAPE_TOLERANCE = 0.01
"""Pictures whose width to height differs less have the camera's shape."""


def preflight(ctx: RunContext) -> None:
    """Read every input, hash every weight and build the anonymiser once.

    What is read stays in `ctx.resources`, where the stages find it.

    Raises
    ------
    VoirieError
        Naming the file, the reason and the remedy, before a byte is written.
    """
    resources = ctx.resources
    resources.read_shared()
    check_categories(resources)
    for plan in ctx.passes:
        try_pass(plan, resources)
    try_models(resources, ctx.options)


def try_models(resources: Resources, options: Options) -> None:
    """Build the anonymiser, which tests itself, and open the models that look for things.

    The anonymiser comes first: without it nothing is written at all.

    Raises
    ------
    AnonymiserUnfit, WeightsMissing
        When one of them cannot do its work.
    """
    with unfit_without_weights():
        models = resources.models
    Sealer(models, options.people)
    for entry in active_models(models, options.experimental):
        models.net(entry.role)


def check_categories(resources: Resources) -> None:
    """Refuse a category that the price list lacks: the last stage plans by category.

    Raises
    ------
    NetworkUnusable
        Naming the category.
    """
    if resources.network is None:
        return
    known = resources.treatments.categories
    driven = resources.network.axes["category"].dropna().astype(int)
    unknown = sorted(set(driven) - set(known))
    if unknown:
        raise NetworkUnusable(
            f"it has the category {unknown[0]}, the price list {', '.join(map(str, known))}",
            resources.files.network,
            "mend axes.category, or give a price list with that category",
        )


def try_pass(plan: PassSetup, resources: Resources) -> None:
    """Open films or stills and the track of a pass, and lay the track on the network.

    Raises
    ------
    VoirieError
        Naming the file, the reason and the remedy.
    """
    track = plan.given.track
    if plan.kind == "stills":
        for path in plan.given.inputs:
            height, width = _first_readable(path).pixels.shape[:2]
            _check_size(plan, path, width, height)
        _check_dates(plan, plan.given.started_at)
        if track is None:
            raise ConfigurationError(
                f"the stills of pass {plan.name} have no chainage",
                plan.given.inputs[0],
                "name one with image,route,chainage_m,sens,voie: --track, or track in survey.toml",
            )
        read_chainage(track)
        return
    films = [resources.film(path) for path in plan.given.inputs]
    for film in films:
        _check_size(plan, film.path, film.facts.width_px, film.facts.height_px)
    found = track_of(plan, sum(film.facts.duration_s for film in films), resources)
    _check_dates(plan, found.moment(0.0))
    if resources.network is None:
        raise NetworkUnusable(
            f"pass {plan.name} is a film and there is no network to place it on",
            plan.given.inputs[0],
            "name one: --network network.gpkg, or network in survey.toml",
        )
    resources.placed(found.track.source)


def _first_readable(folder: Path) -> RawFrame:
    """First picture of a folder that can be read; others are dropped and counted later.

    Raises
    ------
    EmptyInput, NotDecodable
        Of the first one, when there is none.
    """
    first: InputUnusable | None = None
    for still in list_stills(folder):
        try:
            return read_still(still)
        except InputUnusable as error:
            first = first or error
    assert first is not None  # a folder without pictures is refused by list_stills
    raise first


def _check_size(plan: PassSetup, path: Path, width_px: int, height_px: int) -> None:
    """Pictures of another size than the camera's are scaled; of another shape they are refused.

    So are pictures too small for a plate or a crack to be seen in them.

    A focal length in pixels, or a size that is stated, holds for one shape of picture only.
    """
    if min(width_px, height_px) < LEAST_SIDE_PX:
        raise NotDecodable(
            f"its pictures have {width_px} x {height_px} px: nothing can be told from them",
            path,
            f"film with {LEAST_SIDE_PX} px or more on each side, better 1280 x 720",
        )
    if plan.vehicle is None:
        return
    camera = plan.vehicle.camera
    stated = {"image_width_px", "image_height_px"} & camera.model_fields_set
    if camera.focal_px is None and not stated:
        return
    described = camera.image_width_px / camera.image_height_px
    if abs(width_px / height_px - described) > SHAPE_TOLERANCE * described:
        raise ConfigurationError(
            f"the camera is described for pictures of {camera.image_width_px} x "
            f"{camera.image_height_px}, and {path.name} is {width_px} x {height_px}",
            plan.given.vehicle,
            "give the vehicle whose camera filmed this, or mend image_width_px and image_height_px",
        )


def _check_dates(plan: PassSetup, moment: datetime | None) -> None:
    """A drive outside the days in which the camera was mounted like this is refused."""
    if plan.vehicle is None or moment is None:
        return
    day, mounting = moment.date(), plan.vehicle.vehicle
    early = mounting.mounted_on is not None and day < mounting.mounted_on
    late = mounting.removed_on is not None and day > mounting.removed_on
    if early or late:
        since = f"from {mounting.mounted_on or 'the start'} to {mounting.removed_on or 'now'}"
        raise ConfigurationError(
            f"the camera was mounted like this {since}, and pass {plan.name} was driven on {day}",
            plan.given.vehicle,
            "give the vehicle.toml of that day",
        )

"""Every input is tried before anything is written: a refusal leaves nothing behind."""

from __future__ import annotations

from anonymize import Sealer
from inspection.capture.chainage import read_chainage
from inspection.capture.pass_track import track_of
from inspection.context import PassPlan, RunContext
from inspection.detection.tasks import active_models
from inspection.resources import Resources
from voirie.errors import ConfigurationError, NetworkUnusable
from voirie.media import list_stills


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
    for plan in ctx.passes:
        _try_pass(plan, resources)
    # The anonymiser comes first: without it nothing is written at all.
    Sealer(resources.models, ctx.options.people)
    for entry in active_models(resources.models, ctx.options.experimental):
        resources.models.net(entry.role)


def _try_pass(plan: PassPlan, resources: Resources) -> None:
    track = plan.given.track
    if plan.kind == "stills":
        for path in plan.given.inputs:
            list_stills(path)
        if track is None:
            raise ConfigurationError(
                f"the stills of pass {plan.name} have no chainage",
                plan.given.inputs[0],
                "give --track with image,route,chainage_m,sens,voie",
            )
        read_chainage(track)
        return
    length_s = sum(resources.film(path).facts.duration_s for path in plan.given.inputs)
    found = track_of(plan, length_s, resources)
    if resources.network is None:
        raise NetworkUnusable(
            f"pass {plan.name} is a film and there is no network to place it on",
            plan.given.inputs[0],
            "give --network network.gpkg",
        )
    resources.placed(found.track.source)

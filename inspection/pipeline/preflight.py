"""Every input is tried before anything is written: a refusal leaves nothing behind."""

from __future__ import annotations

from anonymize import Sealer
from gis.network.network import Network, read_network
from inspection.capture.chainage import read_chainage
from inspection.capture.pass_track import track_of
from inspection.context import PassPlan, RunContext
from inspection.detection.tasks import active_models
from inspection.stages.place import on_network
from planning.scenarios import load_scenarios
from voirie.catalogue.scheme import load_scheme
from voirie.catalogue.treatments import load_treatments
from voirie.errors import ConfigurationError, NetworkUnusable
from voirie.media import Video, list_stills
from voirie.nets import load_models


def preflight(ctx: RunContext) -> None:
    """Open every input, hash every weight and build the anonymiser once.

    Raises
    ------
    VoirieError
        Naming the file, the reason and the remedy, before a byte is written.
    """
    network = None if ctx.network is None else read_network(ctx.network)
    for plan in ctx.passes:
        _try_pass(plan, network)
    load_treatments(ctx.treatments)
    load_scheme(ctx.scheme)
    if ctx.scenarios is not None:
        load_scenarios(ctx.scenarios)
    # The anonymiser comes first: without it nothing is written at all.
    Sealer(people=ctx.options.people)
    models = load_models()
    for entry in active_models(models, ctx.options.experimental):
        models.net(entry.role)


def _try_pass(plan: PassPlan, network: Network | None) -> None:
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
    length_s = sum(Video(path).facts.duration_s for path in plan.given.inputs)
    found = track_of(plan, length_s)
    if network is None:
        raise NetworkUnusable(
            f"pass {plan.name} is a film and there is no network to place it on",
            plan.given.inputs[0],
            "give --network network.gpkg",
        )
    on_network(plan, found, network)

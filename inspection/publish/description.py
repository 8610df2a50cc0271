"""`survey.toml` of a survey folder: what was asked, with file names and no folders."""

from __future__ import annotations

import json

from inspection.context import RunContext


def describe_survey(ctx: RunContext) -> str:
    """The campaign and its passes as TOML.

    Paths lose their folders: where a file lay on a machine is nobody's business.
    """
    mandate = ctx.mandate
    lines = [
        f"{name} = {_text(getattr(mandate, name))}"
        for name in ("purpose", "controller", "legal_basis")
    ]
    lines += ["", "[campaign]"]
    lines += [f"name = {_text(mandate.campaign)}", f"body = {_text(mandate.body)}"]
    lines += ["", "[options]", f"step = {_text(str(ctx.options.step))}"]
    lines += [f"min_coverage_pct = {ctx.options.min_coverage_pct:g}"]
    lines += [f"experimental = {str(ctx.options.experimental).lower()}"]
    for plan in ctx.passes:
        given = plan.given
        lines += ["", "[[passes]]", f"id = {_text(given.id)}", f"pass_id = {_text(plan.pass_id)}"]
        lines += [f"inputs = [{', '.join(_text(path.name) for path in given.inputs)}]"]
        lines += [] if given.track is None else [f"track = {_text(given.track.name)}"]
        lines += [f"offset_s = {given.offset_s:g}"]
        if given.started_at is not None:
            lines.append(f"started_at = {given.started_at.isoformat()}")
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A TOML basic string; JSON escapes the same characters."""
    return json.dumps(value, ensure_ascii=False)

"""What the report says of the anonymiser: what it destroyed here, and what it was measured to."""

from __future__ import annotations

from inspection.publish.report.blocks import CertificateSummary
from inspection.publish.report.pictures import Album
from voirie.nets import Destroyed, Models, Width
from voirie.wording import N_, Wording

MEASURED_ON = {
    "rendered drive": N_("Measured on a rendered drive, whose truth is known: {shares}."),
    "real pictures": N_("Measured on real pictures: {shares}."),
}


def certificate_summary(album: Album, models: Models, w: Wording) -> CertificateSummary | None:
    """What the certificate of the survey says, None where there is none."""
    certificate = album.certificate
    if certificate is None:
        return None
    used = certificate.settings.models
    registered = {(role, entry.sha256) for role, entry in models.entries.items()}
    known = all((model.role, model.sha256) in registered for model in used)
    return CertificateSummary(
        pictures=len(certificate),
        destroyed_pct=certificate.destroyed_pct,
        models=[f"{model.file} ({model.role})" for model in used],
        measured=[_sentence(one, w) for one in models.destroyed] if known else [],
    )


def _sentence(measured: Destroyed, w: Wording) -> str:
    kinds = (
        (w.text("people"), measured.person),
        (w.text("faces"), measured.face),
        (w.text("plates"), measured.plate),
    )
    told = [
        w.text(
            "{things} {shares}",
            things=things,
            shares=", ".join(_share(width, w) for width in widths),
        )
        for things, widths in kinds
        if widths
    ]
    return w.text(MEASURED_ON[measured.measured_on], shares=w.text("; ").join(told))


def _share(width: Width, w: Wording) -> str:
    values = {"low": width.from_px, "pct": w.percent(width.pct)}
    if width.to_px is None:
        return w.text("from {low} px wide: {pct}", **values)
    return w.text("{low} to {high} px: {pct}", high=width.to_px, **values)

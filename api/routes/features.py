"""`/sections` and `/findings`: tables as GeoJSON, one page at a time."""

from __future__ import annotations

from dataclasses import astuple
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.dependencies import Page, PageQuery, Served, ServedSurvey
from api.models.features import GEOJSON, FeaturePage, Link

router = APIRouter()


class GeoJSONResponse(JSONResponse):
    """A FeatureCollection."""

    media_type = GEOJSON


@router.get(
    "/sections",
    summary="The sections as GeoJSON",
    response_class=GeoJSONResponse,
    responses={200: {"model": FeaturePage}},
)
def sections(request: Request, page: Page, survey: Served) -> GeoJSONResponse:
    """Planning units, in order of their id."""
    return _answer(request, survey, "sections", page)


@router.get(
    "/findings",
    summary="The findings as GeoJSON",
    response_class=GeoJSONResponse,
    responses={200: {"model": FeaturePage}},
)
def findings(request: Request, page: Page, survey: Served) -> GeoJSONResponse:
    """Things on the ground, in order of their id."""
    return _answer(request, survey, "findings", page)


def _answer(request: Request, survey: ServedSurvey, layer: str, page: PageQuery) -> GeoJSONResponse:
    table = survey.layers[layer]
    matching = table.touching(page.bbox)
    chosen = matching[page.offset : page.offset + page.limit]
    address = str(request.url.replace(query="", fragment=""))
    return GeoJSONResponse(
        {
            "type": "FeatureCollection",
            "numberMatched": len(matching),
            "numberReturned": len(chosen),
            "links": [link.model_dump() for link in links_of(address, page, len(matching))],
            "features": table.features(chosen),
        }
    )


def links_of(address: str, page: PageQuery, matched: int) -> list[Link]:
    """Links of a page: itself, the next and the one before, where there are any.

    Parameters
    ----------
    address
        Address of the layer, without parameters.
    page
        What was asked for.
    matched
        How many rows match.

    Examples
    --------
    >>> [link.rel for link in links_of("http://x/findings", PageQuery(limit=10), 25)]
    ['self', 'next']
    """

    def link(rel: Literal["self", "next", "prev"], offset: int) -> Link:
        asked: dict[str, str | int] = {"limit": page.limit, "offset": offset}
        if page.bbox is not None:
            asked["bbox"] = ",".join(f"{bound:.15g}" for bound in astuple(page.bbox))
        return Link(rel=rel, href=f"{address}?{urlencode(asked, safe=',')}")

    links = [link("self", page.offset)]
    if page.offset + page.limit < matched:
        links.append(link("next", page.offset + page.limit))
    if page.offset > 0:
        links.append(link("prev", max(0, page.offset - page.limit)))
    return links

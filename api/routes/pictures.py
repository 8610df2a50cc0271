"""`/pictures/{picture_id}`: sealed pictures, and no other."""

from __future__ import annotations

from fastapi import APIRouter, Response

from anonymize import certified_bytes
from api.dependencies import Served
from voirie.errors import NotFound

router = APIRouter()


@router.get("/pictures/{picture_id:path}", summary="A sealed picture", response_class=Response)
def picture(picture_id: str, survey: Served) -> Response:
    """The picture as it was sealed: what is hashed is what goes out."""
    path = survey.pictures.get(picture_id.removesuffix(".jpg"))
    if path is None:
        raise NotFound(
            f"there is no picture {picture_id}", None, "take a picture_id from /findings"
        )
    return Response(certified_bytes(path, survey.certificate), media_type="image/jpeg")

"""Headers of tus 1.0, read once and checked."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate

from api.uploads.errors import BadUploadHeader, UnknownVersion

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
ALGORITHMS = ("sha256", "sha1", "md5")
TUS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
LARGEST = 1 << 53
"""Beyond it JavaScript counts no single bytes."""
SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_METADATA = 8_192
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must hash to."""

    algorithm: str
    digest: bytes


def check_version(headers: Mapping[str, str]) -> None:
    """Refuse another version of the protocol.

    Raises
    ------
    UnknownVersion
        Which is a 412.
    """
    if headers.get("tus-resumable") != VERSION:
        raise UnknownVersion(
            "Tus-Resumable is missing or names another version", remedy=f"speak tus {VERSION}"
        )


def whole_number(headers: Mapping[str, str], name: str) -> int:
    """A header that counts bytes.

    Raises
    ------
    BadUploadHeader
        When it is missing or no such number.

    Examples
    --------
    >>> whole_number({"upload-offset": "12"}, "Upload-Offset")
    12
    """
    text = headers.get(name.lower(), "")
    if not re.fullmatch(r"[0-9]{1,16}", text) or int(text) > LARGEST:
        raise BadUploadHeader(f"{name} is missing or no number of bytes", remedy="correct it")
    return int(text)


def metadata_of(text: str) -> dict[str, str]:
    """The pairs of ``Upload-Metadata``.

    Raises
    ------
    BadUploadHeader
        When it is no such list.

    Examples
    --------
    >>> metadata_of("filename ZHJpdmUubXA0,is_raw")
    {'filename': 'drive.mp4', 'is_raw': ''}
    """
    if len(text) > MOST_METADATA:
        raise BadUploadHeader("Upload-Metadata is too long", remedy="send less")
    pairs: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            pairs[key] = base64.b64decode(value, validate=True).decode()
        except ValueError as error:  # of base64 or of UTF-8
            raise BadUploadHeader(
                f"{key} in Upload-Metadata is no UTF-8 in base64", remedy="correct it"
            ) from error
    return pairs


def name_of(pairs: Mapping[str, str]) -> str:
    """Name of the file, without a folder; it is told and never used as a path.

    Examples
    --------
    >>> name_of({"filename": "../../etc/drive.mp4"}), name_of({})
    ('drive.mp4', 'upload')
    """
    name = re.split(r"[/\\]", pairs.get("filename", ""))[-1]
    return "".join(c for c in name if c.isprintable())[:LONGEST_NAME] or "upload"


def sha256_in(pairs: Mapping[str, str]) -> str:
    """SHA-256 of the whole file, in hexadecimal.

    Raises
    ------
    BadUploadHeader
        When it is missing: nothing could be confirmed without.
    """
    value = pairs.get("sha256", "").lower()
    if not SHA256.fullmatch(value):
        raise BadUploadHeader(
            "Upload-Metadata lacks sha256, the SHA-256 of the file in hexadecimal",
            remedy="hash the file first: without it no upload can be confirmed",
        )
    return value


def checksum_of(text: str | None) -> Checksum | None:
    """What ``Upload-Checksum`` says, None where there is none.

    Raises
    ------
    BadUploadHeader
        When the algorithm is not known or the digest is none of it.

    Examples
    --------
    >>> checksum_of("md5 1B2M2Y8AsgTpgAmY7PhCfg==").algorithm
    'md5'
    """
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    if algorithm not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise BadUploadHeader("Upload-Checksum names no known algorithm", remedy=f"use {known}")
    try:
        digest = base64.b64decode(value, validate=True)
    except ValueError:
        digest = b""
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise BadUploadHeader("Upload-Checksum holds no digest in base64", remedy="correct it")
    return Checksum(algorithm, digest)


def date_of(moment_s: float) -> str:
    """A moment as HTTP writes it.

    Examples
    --------
    >>> date_of(0)
    'Thu, 01 Jan 1970 00:00:00 GMT'
    """
    return formatdate(moment_s, usegmt=True)

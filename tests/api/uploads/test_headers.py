"""Headers of tus: whatever comes is read or refused, never a mistake of the program."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.uploads.errors import BadUploadHeader, UnknownVersion, UploadError
from api.uploads.headers import (
    check_version,
    checksum_of,
    metadata_of,
    name_of,
    sha256_in,
    whole_number,
)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (metadata_of, checksum_of):
        try:
            read(text)
        except BadUploadHeader:
            continue
    try:
        assert whole_number({"upload-length": text}, "Upload-Length") >= 0
    except BadUploadHeader as error:
        assert error.http_status == 400


@given(st.dictionaries(st.from_regex(r"[a-z0-9_]{1,9}", fullmatch=True), st.text(max_size=20)))
def test_metadata_come_back(pairs: dict[str, str]) -> None:
    told = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in pairs.items())
    assert metadata_of(told) == pairs


@given(st.text(max_size=400))
def test_a_name_is_no_path(text: str) -> None:
    name = name_of({"filename": text})
    assert name and len(name) <= 255 and not set(name) & set("/\\\n\r\0")


def test_what_is_missing_is_refused() -> None:
    assert checksum_of(None) is None
    assert sha256_in({"sha256": "AB" * 32}) == "ab" * 32
    with pytest.raises(BadUploadHeader, match="sha256"):
        sha256_in({"sha256": "ab"})
    with pytest.raises(UnknownVersion):
        check_version({})
    with pytest.raises(UploadError):
        metadata_of("a " * 9000)

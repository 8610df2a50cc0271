"""A film that was uploaded is decoded without ever lying readable."""

from __future__ import annotations

import io
from pathlib import Path

import av

from api.uploads.sealed import RECORD_BYTES, SealedReader, new_key, seal


def test_a_sealed_film_gives_the_pictures_of_the_plain_one(tmp_path: Path) -> None:
    plain = tmp_path / "plain.mp4"
    with av.open(str(plain), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for k in range(30):
            frame = av.VideoFrame(320, 240, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([(8 * k) % 256]) * plane.buffer_size)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    data, key, size = plain.read_bytes(), new_key(), min(RECORD_BYTES, 1000)
    records = [seal(data[at : at + size], key, "a", at) for at in range(0, len(data), size)]
    sealed = tmp_path / "a.sealed"
    sealed.write_bytes(b"".join(records))

    def pictures(source: object) -> list[bytes]:
        with av.open(source) as film:
            return [frame.to_ndarray().tobytes() for frame in film.decode(video=0)]

    with SealedReader(sealed, key, "a", len(data)) as reader:
        found = pictures(io.BufferedReader(reader))
    assert len(found) == 30 and found == pictures(str(plain))

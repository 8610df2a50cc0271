from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from anonymize import Sealer
from anonymize.film import seal_film
from voirie.media import Video


def made_film(path: Path, height_px: int, width_px: int, count: int = 5) -> Path:
    """Grey pictures at uneven times, in a codec that takes odd sides."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "bgr0"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(count):
            pixels = np.full((height_px, width_px, 3), 60 + 20 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
            frame.pts, frame.time_base = 40 * number + 7 * (number % 2), Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_pictures_keep_their_times_and_an_odd_side_loses_a_row(
    tmp_path: Path, sealer: Sealer
) -> None:
    source = Video(made_film(tmp_path / "odd.mkv", 65, 97))
    told: list[tuple[int, int]] = []
    report = seal_film(
        source, tmp_path / "out.mp4", sealer, lambda done, total: told.append((done, total))
    )
    assert (report.sealed, report.failed, report.truncated) == (5, 0, False)
    assert told == [(number, 5) for number in range(1, 6)]
    sealed = Video(tmp_path / "out.mp4")
    np.testing.assert_allclose(sealed.facts.pts_s, source.facts.pts_s, atol=1e-3)
    frames = [window.frame.pixels for window in sealed.windows(range(5), 0)]
    assert {pixels.shape for pixels in frames} == {(64, 96, 3)}
    brightness = [float(pixels.mean()) for pixels in frames]
    np.testing.assert_allclose(brightness, [60, 80, 100, 120, 140], atol=4)


def test_pictures_too_small_to_search_are_left_out_and_counted(
    tmp_path: Path, sealer: Sealer
) -> None:
    source = Video(made_film(tmp_path / "tiny.mkv", 8, 8, count=2))
    report = seal_film(source, tmp_path / "out.mp4", sealer, lambda done, total: None)
    assert (report.sealed, report.failed, report.destroyed_pct) == (0, 2, 0.0)

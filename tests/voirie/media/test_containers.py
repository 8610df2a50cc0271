"""Every container and codec of a camera, and films whose time stamps are broken."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.made_films import restamped, shaded_film
from voirie.errors import NotDecodable
from voirie.media import Video


def check(video: Video, pictures: int = 40) -> None:
    """Every picture comes out once, in its place."""
    seen = list(video.windows(range(pictures), neighbours=0))
    assert [window.frame.index for window in seen] == list(range(pictures))
    # Each is as bright as its rank wants, beside the first: codecs shift all of them a little.
    bright = [float(window.frame.pixels.mean()) for window in seen]
    assert [round((b - bright[0]) / 5) for b in bright] == list(range(pictures))
    assert bright[0] == pytest.approx(20, abs=6)
    assert not video.truncated


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mov", "libx265", "yuv420p"),
        ("a.mp4", "libx265", "yuv420p10le"),
        ("a.mkv", "libvpx-vp9", "yuv420p"),
        ("a.webm", "libvpx-vp9", "yuv420p"),
        ("a.mp4", "libsvtav1", "yuv420p"),
        ("a.mkv", "libsvtav1", "yuv420p10le"),
        ("a.avi", "libx264", "yuv420p"),
        ("a.avi", "mpeg4", "yuv420p"),
        ("a.avi", "mjpeg", "yuvj420p"),
        ("a.ts", "libx264", "yuv420p"),
        ("a.ts", "libx265", "yuv420p"),
    ],
)
def test_a_film_of_any_camera_is_read(tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
    video = Video(shaded_film(tmp_path / name, codec, pix_fmt))
    assert video.facts.duration_s == pytest.approx(39 / 25, abs=2e-3)
    assert video.facts.made_at_fps is None
    check(video)


def test_pictures_of_a_phone_come_when_they_come(tmp_path: Path) -> None:
    times = [33 * rank + 400 * (rank > 20) + rank % 3 for rank in range(40)]
    video = Video(shaded_film(tmp_path / "a.mp4", times_ms=times))
    assert (1000 * video.facts.pts_s).tolist() == pytest.approx(times, abs=0.6)
    check(video)


@pytest.mark.parametrize(("step", "name"), [(0, "a.mkv"), (1, "b.mp4")])
def test_times_that_are_all_the_same_are_made_anew(tmp_path: Path, step: int, name: str) -> None:
    whole = shaded_film(tmp_path / "whole.mp4")
    video = Video(restamped(whole, tmp_path / name, lambda k: step * k, Fraction(1, 90_000)))
    assert video.facts.made_at_fps == 25.0
    assert video.facts.duration_s == pytest.approx(39 / 25)
    check(video)
    assert [frame.index for frame in video.samples([7, 30])] == [7, 30]


def test_a_bare_stream_has_the_times_of_its_rate(tmp_path: Path) -> None:
    video = Video(shaded_film(tmp_path / "a.h264"))
    assert (video.facts.made_at_fps, len(video.facts.pts_s)) == (25.0, 40)
    check(video)


def test_films_put_one_behind_the_other_follow_each_other(tmp_path: Path) -> None:
    once = shaded_film(tmp_path / "a.ts", pictures=20).read_bytes()
    (tmp_path / "b.ts").write_bytes(once + once)
    video = Video(tmp_path / "b.ts")
    assert (video.facts.made_at_fps, len(video.facts.pts_s)) == (25.0, 40)
    assert [w.frame.index for w in video.windows(range(40), 0)] == list(range(40))


@pytest.mark.parametrize(
    ("name", "step", "said"),
    [
        ("a.mkv", 0, "time stamps that are all the same, and does not tell its frame rate"),
        ("a.mp4", 1, "time stamps too close to each other, and does not tell its frame rate"),
    ],
)
def test_without_times_nor_a_rate_a_film_is_refused(
    tmp_path: Path, name: str, step: int, said: str
) -> None:
    bare = shaded_film(tmp_path / "whole.avi", "mjpeg", "yuvj420p")
    broken = restamped(bare, tmp_path / name, lambda k: step * k, Fraction(1, 90_000))
    with pytest.raises(NotDecodable, match=said) as refused:
        Video(broken)
    assert refused.value.exit_code == 3 and refused.value.remedy


def test_two_recordings_in_one_film_are_told_apart(tmp_path: Path) -> None:
    whole = shaded_film(tmp_path / "whole.avi", "mjpeg", "yuvj420p")
    late = restamped(
        whole, tmp_path / "a.mkv", lambda k: 40 * k + 900_000 * (k >= 10), Fraction(1, 1000)
    )
    with pytest.raises(NotDecodable, match="jump by 900 s after 0 s"):
        Video(late)


def test_a_film_that_was_never_closed_is_told_so(tmp_path: Path) -> None:
    whole = shaded_film(tmp_path / "a.mp4").read_bytes()
    (tmp_path / "b.mp4").write_bytes(whole[: whole.rindex(b"moov") - 4])
    with pytest.raises(NotDecodable, match=r"its index \(moov\) is missing") as refused:
        Video(tmp_path / "b.mp4")
    assert str(refused.value).startswith(str(tmp_path / "b.mp4")) and refused.value.exit_code == 3

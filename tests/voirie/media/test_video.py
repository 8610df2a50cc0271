"""Films: exact times, neighbours, and every way a film can be broken."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from tests.made_films import turned_film
from voirie.errors import EmptyInput, NotDecodable
from voirie.media import RawFrame, Video


def film(
    path: Path, pictures: int = 40, options: dict[str, str] | None = None, every: int = 250
) -> Path:
    """A real H.264 film whose brightness tells the rank of each picture."""
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 192, "yuv420p"
        stream.codec_context.gop_size = every
        for rank in range(pictures):
            pixels = np.full((192, 320, 3), 20 + 5 * (rank % 40), np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def test_windows_hand_out_the_chosen_pictures_with_their_neighbours(tmp_path: Path) -> None:
    video = Video(film(tmp_path / "a.mp4"))
    assert len(video.facts.pts_s) == 40
    assert video.facts.pts_s[10] == pytest.approx(0.4)
    windows = list(video.windows([0, 10, 11, 39], neighbours=1))
    assert [w.frame.index for w in windows] == [0, 10, 11, 39]
    assert [len(w.before) for w in windows] == [0, 1, 1, 1]
    assert [len(w.after) for w in windows] == [1, 1, 1, 0]
    for window in windows:
        assert window.frame.pixels.mean() == pytest.approx(20 + 5 * window.frame.index, abs=4)
        assert window.frame.pts_s == pytest.approx(window.frame.index / 25, abs=1e-6)
    assert not video.truncated


def test_samples_are_key_frames_where_a_film_has_some(tmp_path: Path) -> None:
    video = Video(film(tmp_path / "a.mp4", options=None, every=5))
    found = list(video.samples([39, 0, 21, 22, 13]))
    assert [frame.index for frame in found] == [35, 0, 20, 10]
    for frame in found:
        assert frame.pixels.mean() == pytest.approx(20 + 5 * frame.index, abs=4)


def test_samples_of_a_film_with_one_key_frame_are_those_asked_for(tmp_path: Path) -> None:
    video = Video(film(tmp_path / "a.mp4"))
    assert [frame.index for frame in video.samples([30, 7, 20])] == [0, 7, 20, 30]
    assert [frame.index for frame in video.samples([0])] == [0]


def test_samples_of_a_film_that_was_cut_off_are_those_that_are_there(tmp_path: Path) -> None:
    whole = film(tmp_path / "a.mp4", options={"movflags": "faststart"}, every=5)
    cut = tmp_path / "b.mp4"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.7)])
    video = Video(cut)
    last = len(video.facts.pts_s) - 1
    assert 5 <= last < 39
    found = [frame.index for frame in video.samples([0, 4, 5, last])]
    assert found[:2] == [0, 5] and max(found) <= last


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_film_is_read_as_it_is_shown(tmp_path: Path, degrees: int) -> None:
    upright = np.zeros((192, 320, 3), np.uint8)
    upright[:64, :80] = (250, 250, 250)  # a bright corner, upper left
    upright[128:, 240:] = (0, 0, 250)  # a red one, lower right
    video = Video(turned_film(tmp_path / "a.mp4", upright, degrees))
    assert (video.facts.height_px, video.facts.width_px) == (192, 320)
    windows = list(video.windows([2], neighbours=1))
    for frame in (*windows[0].before, windows[0].frame, *windows[0].after):
        assert frame.pixels.shape == upright.shape
        assert np.abs(frame.pixels.astype(int) - upright).mean() < 4


def test_a_film_that_leans_is_refused(tmp_path: Path) -> None:
    path = turned_film(tmp_path / "a.mp4", np.zeros((192, 320, 3), np.uint8), 45)
    with pytest.raises(NotDecodable, match="no quarter turn"):
        Video(path)


def test_a_raw_frame_cannot_leave_its_process() -> None:
    with pytest.raises(TypeError, match="never leaves"):
        pickle.dumps(RawFrame(np.zeros((2, 2, 3), np.uint8), 0.0, 0, "a.mp4"))


def test_zero_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"")
    with pytest.raises(EmptyInput, match="no byte"):
        Video(path)


def test_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"no film at all" * 100)
    with pytest.raises(NotDecodable, match="no film"):
        Video(path)


def with_cover(path: Path, cover_first: bool, film_px: int = 64) -> Path:
    """A film of 20 pictures and a light cover, which comes first once boxes are swapped."""
    with av.open(str(path), "w") as out:
        cover = out.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 48, 32, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        moving = out.add_stream("libx264", rate=25)
        moving.width = moving.height = film_px
        light = av.VideoFrame.from_ndarray(np.full((32, 48, 3), 250, np.uint8), format="bgr24")
        light.pts = 0
        out.mux(cover.encode(light))
        out.mux(cover.encode(None))
        for number in range(20):
            pixels = np.full((film_px, film_px, 3), 4 * number, np.uint8)
            dark = av.VideoFrame.from_ndarray(pixels, format="bgr24")
            dark.pts = number
            out.mux(moving.encode(dark))
        out.mux(moving.encode(None))
    if cover_first:
        data = path.read_bytes()
        at, size = boxes(data, 0)[b"moov"]
        inside = boxes(data[: at + size], at + 8)
        names = sorted(inside, key=lambda name: (name != b"udta", inside[name][0]))
        moved = [data[inside[name][0] : sum(inside[name])] for name in names]
        path.write_bytes(data[: at + 8] + b"".join(moved) + data[at + size :])
    return path


def boxes(data: bytes, at: int) -> dict[bytes, tuple[int, int]]:
    """Where the boxes of an MP4 file begin and how long they are, by name; each stands once."""
    found = {}
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found[data[at + 4 : at + 8]] = (at, size)
        at += size
    return found


@pytest.mark.parametrize("cover_first", [False, True])
def test_a_cover_picture_is_not_the_film(tmp_path: Path, cover_first: bool) -> None:
    path = with_cover(tmp_path / "a.mp4", cover_first)
    with av.open(str(path)) as container:
        first = container.streams.video[0].disposition
    assert bool(first & Disposition.attached_pic) == cover_first
    video = Video(path)
    assert (video.facts.width_px, len(video.facts.pts_s)) == (64, 20)
    (window,) = video.windows([10], 0)
    assert window.frame.pixels.mean() < 100


def test_sound_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 16000
        for packet in [*stream.encode(frame), *stream.encode()]:
            container.mux(packet)
    with pytest.raises(NotDecodable, match="no video stream"):
        Video(path)


def test_a_film_cut_off_after_its_index_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = film(tmp_path / "a.mp4", 120, {"movflags": "faststart"})
    cut = tmp_path / "cut.mp4"
    data = whole.read_bytes()
    cut.write_bytes(data[: int(len(data) * 0.8)])
    video = Video(cut)
    last = len(video.facts.pts_s) - 1
    windows = list(video.windows(range(0, last + 1, 5), neighbours=1))
    assert windows
    assert video.truncated or len(video.facts.pts_s) < 120


def test_a_film_cut_off_before_its_index_is_refused(tmp_path: Path) -> None:
    whole = film(tmp_path / "a.mp4", 120)
    data = whole.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(data[: len(data) // 2])
    with pytest.raises(NotDecodable, match="index \\(moov\\) is missing"):
        Video(cut)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9, 0.99])
def test_a_film_whose_index_comes_first_and_whose_end_is_missing(
    tmp_path: Path, kept: float
) -> None:
    whole = film(tmp_path / "a.mp4", pictures=100, options={"movflags": "faststart"})
    path = tmp_path / "cut.mp4"
    data = whole.read_bytes()
    start = data.index(b"mdat")
    path.write_bytes(data[: start + int((len(data) - start) * kept)])
    video = Video(path)
    assert video.truncated
    list(video.windows(range(len(video.facts.pts_s)), 0))
    assert 0 < video.decoded < 100
    if kept < 0.8:
        assert video.facts.lost_s + video.facts.duration_s == pytest.approx(4.0, abs=0.1)


def test_a_whole_film_has_lost_nothing(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mkv", "a.avi", "a.ts"):
        video = Video(film(tmp_path / name))
        assert (video.facts.lost_s, video.truncated) == (0.0, False), name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{film}\n#EXT-X-ENDLIST\n"),
        ("a.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{film}\n#EXT-X-ENDLIST\n"),
        ("a.ffconcat", "ffconcat version 1.0\nfile '{film}'\n"),
        ("a.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n"),
    ],
)
def test_a_list_of_files_is_no_film(tmp_path: Path, name: str, text: str) -> None:
    other = film(tmp_path / "private.ts")
    path = tmp_path / name
    path.write_text(text.format(film=other.name), "utf-8")
    with pytest.raises(NotDecodable, match="no film"):
        Video(path)


def test_a_name_is_never_a_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "a.ts")
    odd = tmp_path / "concat:a.ts|a.ts"
    odd.write_bytes(b"no film at all" * 100)
    with pytest.raises(NotDecodable, match="no film"):
        Video(Path(odd.name))


def test_a_pipe_is_no_film(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    with pytest.raises(NotDecodable, match="no regular file"):
        Video(tmp_path / "a.mp4")

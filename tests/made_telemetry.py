"""Films that carry positions as cameras write them, built byte by byte onto a real film."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av

LAT, LON = 44.35, 2.575
STEP_DEG = 1e-4
AT = datetime(2026, 6, 1, 10, 15, tzinfo=UTC)


def box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I", 8 + len(content)) + kind + content


def sentence(body: str) -> str:
    """An NMEA sentence with its checksum."""
    total = 0
    for letter in body:
        total ^= ord(letter)
    return f"${body}*{total:02X}"


def packed(degrees: float) -> float:
    """Degrees as ddmm.mmmm."""
    return 100.0 * int(degrees) + (degrees - int(degrees)) * 60.0


def rmc(second: int, fix: bool = True, at: datetime = AT, lat: float | None = None) -> str:
    """The sentence of a second of a drive to the north at 20 knots."""
    now = at + timedelta(seconds=second)
    lat = LAT + STEP_DEG * second if lat is None else lat
    place = f"A,{packed(lat):010.5f},N,{packed(LON):011.5f},E,20.0,0.0" if fix else "V,,,,,,"
    return sentence(f"GPRMC,{now:%H%M%S}.00,{place},{now:%d%m%y},,,A")


def with_blackvue(film: Path, seconds: int = 5, fix: bool = True) -> Path:
    """The film with a box of sentences, marked by the clock of the camera."""
    begins_ms = int(AT.timestamp() * 1000) + 7_200_000
    lines = [f"[{begins_ms + 1000 * k}]{rmc(k, fix)}" for k in range(seconds)]
    film.write_bytes(film.read_bytes() + box(b"free", box(b"gps ", "\r\n".join(lines).encode())))
    return film


def with_novatek(film: Path, seconds: int = 5) -> Path:
    """The film with a block a second behind it, the first without a fix, listed in its index."""
    data = film.read_bytes()
    at = data.rindex(b"moov") - 4
    moov, head = data[at:], data[:at]
    size = 512
    index = b"\0\0\1\1" + struct.pack(">I", seconds)
    begins = len(data) + 8 + 8 + 8 * seconds + 8
    index += b"".join(struct.pack(">II", begins + size * k, size) for k in range(seconds))
    blocks = b""
    for k in range(seconds):
        now = AT + timedelta(seconds=k)
        clock = (now.hour, now.minute, now.second, now.year - 2000, now.month, now.day)
        state = b"A" if k else b"V"
        place = (packed(LAT + STEP_DEG * k), packed(LON), 20.0)
        told = struct.pack("<6Iccc", *clock, state, b"N", b"E") + b"\0" + struct.pack("<3f", *place)
        blocks += (struct.pack(">I", size) + b"freeGPS " + b"\0" * 36 + told).ljust(size, b"\0")
    moov = box(b"moov", moov[8:], box(b"gps ", index))
    film.write_bytes(head + moov + box(b"mdat", blocks))
    return film


def with_camm(film: Path, packets: list[bytes], tick_ms: int = 1000) -> Path:
    """The film with a track of camera motion metadata: one packet each tick."""
    data = film.read_bytes()
    at = data.rindex(b"moov") - 4
    head, moov = data[:at], data[at:]
    first = len(head) + 8
    n = len(packets)
    length = n * tick_ms
    zero = b"\0\0\0\0"
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    tkhd = struct.pack(">IIIII", 7, 0, 0, 9, 0) + struct.pack(">I", length) + b"\0" * 16 + matrix
    chunks = [first + sum(map(len, packets[:k])) for k in range(n)]
    table = box(
        b"stbl",
        box(b"stsd", zero + struct.pack(">I", 1) + box(b"camm", b"\0" * 6 + b"\0\1")),
        box(b"stts", zero + struct.pack(">III", 1, n, tick_ms)),
        box(b"stsc", zero + struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stsz", zero + struct.pack(f">II{n}I", 0, n, *map(len, packets))),
        box(b"stco", zero + struct.pack(f">I{n}I", n, *chunks)),
    )
    link = box(b"dinf", box(b"dref", zero + struct.pack(">I", 1) + box(b"url ", b"\0\0\0\1")))
    track = box(
        b"trak",
        box(b"tkhd", tkhd + b"\0" * 8),
        box(
            b"mdia",
            box(b"mdhd", zero * 3 + struct.pack(">IIHH", 1000, length, 0x55C4, 0)),
            box(b"hdlr", zero * 2 + b"meta" + b"\0" * 12 + b"camera motion\0"),
            box(b"minf", box(b"nmhd", zero), link, table),
        ),
    )
    film.write_bytes(head + box(b"mdat", *packets) + box(b"moov", moov[8:], track))
    return film


def camm_gps(second: int, fix: int = 3) -> bytes:
    """A packet of type 6."""
    moment = AT.timestamp() - datetime(1980, 1, 6, tzinfo=UTC).timestamp() + 18 + second
    return struct.pack(
        "<HHdi2d7f", 0, 6, moment, fix, LAT + STEP_DEG * second, LON, 500, 1, 1, 0, 11, 0, 1
    )


def camm_min_gps(second: int) -> bytes:
    """A packet of type 5."""
    return struct.pack("<HH3d", 0, 5, LAT + STEP_DEG * second, LON, 500.0)


def with_subtitles(film: Path, path: Path, texts: list[str]) -> Path:
    """The film in a Matroska file with a text each second."""
    srt = path.with_suffix(".texts.srt")
    srt.write_text(srt_of(texts), encoding="utf-8")
    with av.open(str(film)) as source, av.open(str(srt)) as said, av.open(str(path), "w") as out:
        picture, text = source.streams.video[0], said.streams[0]
        copies = {id(s): out.add_stream_from_template(s) for s in (picture, text)}
        for container, stream in ((said, text), (source, picture)):
            for packet in container.demux(stream):
                if packet.size:
                    packet.stream = copies[id(stream)]
                    out.mux(packet)
    srt.unlink()
    return path


def srt_of(texts: list[str]) -> str:
    """Texts shown a second each."""
    lines = []
    for k, text in enumerate(texts):
        lines += [str(k + 1), f"00:00:{k:02d},000 --> 00:00:{k + 1:02d},000", text, ""]
    return "\n".join(lines)

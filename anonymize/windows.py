"""Parts in which a very wide or very tall picture is searched."""

from __future__ import annotations

LONGEST_ASPECT = 2.4
"""A picture that is longer for its width, such as a panorama, is searched in windows: shrunk as a
whole to what a network takes, people and plates on it would be next to nothing."""
WINDOW_ASPECT = 16 / 9
WINDOW_STEP = 0.7
"""How far the next window begins, as a share of one: what one cuts the other holds whole."""


def windows_of(height: int, width: int) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of the parts in which a picture is searched; most are one part.

    Parameters
    ----------
    height, width
        Of the picture in pixels.

    Examples
    --------
    >>> windows_of(720, 1280)
    [(0, 0, 1280, 720)]
    >>> windows_of(900, 3000)
    [(0, 0, 1600, 900), (1120, 0, 2720, 900), (1400, 0, 3000, 900)]
    """
    longest, side = max(height, width), min(height, width)
    if longest <= LONGEST_ASPECT * side:
        return [(0, 0, width, height)]
    length = round(WINDOW_ASPECT * side)
    last = longest - length
    starts = [*range(0, last, max(1, int(WINDOW_STEP * length))), last]
    if width == longest:
        return [(start, 0, start + length, height) for start in starts]
    return [(0, start, width, start + length) for start in starts]

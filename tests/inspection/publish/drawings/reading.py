"""How the tests read a drawing."""

from __future__ import annotations

from xml.etree import ElementTree


def titles(drawing: str) -> list[str]:
    """What a drawing says to those who point at it, in order."""
    return [node.text or "" for node in ElementTree.fromstring(drawing).iter("title")]


def texts(drawing: str) -> list[str]:
    """What is written on a drawing, in order."""
    return [node.text or "" for node in ElementTree.fromstring(drawing).iter("text")]

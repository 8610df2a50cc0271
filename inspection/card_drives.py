"""A pass that names a folder of films: which films, which drives, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voirie.errors import ConfigurationError
from voirie.inputs import PassInput
from voirie.media.cards import Card, drives_of, is_film, read_card
from voirie.messages import Message, counted, message
from voirie.wording import N_

LEFT_OUT = {
    "rear": N_("{number} of the rear camera"),
    "interior": N_("{number} of the interior"),
    "telephoto": N_("{number} of the telephoto camera"),
    "other": N_("{number} of another camera"),
    "parking": N_("{number} taken while parked"),
    "small": N_("{number} small copies"),
}
"""What is said of films of a memory card that do not show the road ahead, by reason."""


@dataclass(frozen=True, slots=True)
class PassOfCard:
    """A pass whose folders were looked into.

    Attributes
    ----------
    given
        The pass, with its films in order.
    told
        What a person should know of how they were chosen.
    """

    given: PassInput
    told: tuple[Message, ...] = ()


def holds_films(folder: Path) -> bool:
    """Whether a folder, or one inside it, holds a film.

    Examples
    --------
    >>> holds_films(Path("samples/drive")), holds_films(Path("docs"))
    (True, False)
    """
    return any(is_film(path) and path.is_file() for path in folder.rglob("*"))


def passes_of(given: PassInput, lasts_s: Callable[[Path], float]) -> list[PassOfCard]:
    """Take the folders of films of a pass for the films in them.

    A folder that holds several drives, by the names of its films, becomes as many passes.

    Parameters
    ----------
    given
        The pass.
    lasts_s
        How long a film lasts.

    Raises
    ------
    ConfigurationError
        When several drives have one track.
    EmptyInput
        When a folder holds films of other cameras only.
    """
    folders = [path for path in given.inputs if path.is_dir() and holds_films(path)]
    if not folders:
        return [PassOfCard(given)]
    cards = {folder: read_card(folder) for folder in folders}
    told = [what for folder, card in cards.items() for what in _told(folder, card)]
    if len(given.inputs) > 1:
        films = [
            film
            for path in given.inputs
            for film in ([one.path for one in cards[path].films] if path in cards else [path])
        ]
        return [PassOfCard(given.model_copy(update={"inputs": tuple(films)}), tuple(told))]
    (folder,) = folders
    drives = drives_of(cards[folder], lasts_s)
    if len(drives) > 1 and given.track is not None:
        raise ConfigurationError(
            f"it holds {len(drives)} drives, and one track is given",
            folder,
            "make a pass of each drive, with its films and its track",
        )
    if len(drives) > 1:
        told.append(
            message(
                "{folder} holds {number} drives: each is a pass of its own",
                folder=folder.name,
                number=len(drives),
            )
        )
    return [
        PassOfCard(
            given.model_copy(
                update={
                    "id": given.id if len(drives) == 1 else f"{given.id}-{rank}",
                    "inputs": tuple(film.path for film in drive),
                }
            ),
            tuple(told) if rank == 1 else (),
        )
        for rank, drive in enumerate(drives, 1)
    ]


def _told(folder: Path, card: Card) -> list[Message]:
    said = []
    if card.left_out:
        why = tuple(message(LEFT_OUT[name], number=n) for name, n in card.left_out.items())
        number = sum(card.left_out.values())
        said.append(
            counted(
                "{n} film of {folder} was left out ({why})",
                "{n} films of {folder} were left out ({why})",
                number,
                folder=folder.name,
                why=why,
            )
        )
    if len(card.films) > 1 and all(
        film.begins_at is None and film.recording is None for film in card.films
    ):
        said.append(
            message(
                "the names of the films of {folder} tell no times: they were taken for one drive, "
                "in the order of their names",
                folder=folder.name,
            )
        )
    return said

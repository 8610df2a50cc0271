"""A sentence kept with what fills it, so that each reader has it in his language."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """A sentence of the catalogue of texts that is not said yet.

    `voirie.wording.Wording.say` says it. A run sheet and the state of a stage keep it as it is.

    Attributes
    ----------
    text
        The sentence in English with its places; where it depends on how many, that of one.
    many
        The sentence of several, None where it does not depend on how many.
    n
        How many.
    values
        What fills the places. Numbers are written as the language wants, a float with the decimals
        that it has: it is rounded before. A year or an identifier is a text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    many: str | None = None
    n: int | None = None
    values: dict[str, str | int | float | Message | tuple[Message, ...]] = Field(
        default_factory=dict
    )


def message(text: str, /, **values: str | int | float | Message | tuple[Message, ...]) -> Message:
    """Keep a sentence; `make texts` finds it here.

    Examples
    --------
    >>> from voirie.wording import Wording
    >>> told = message("severity {n}", n=2)
    >>> Wording("fr").say(told)
    'gravité 2'
    """
    return Message(text=text, values=values)


def counted(
    one: str, many: str, n: int, /, **values: str | int | float | Message | tuple[Message, ...]
) -> Message:
    r"""Keep a sentence that depends on how many; ``{n}`` is that number.

    Examples
    --------
    >>> from voirie.wording import Wording
    >>> told = counted("{n} road", "{n} roads", 1200)
    >>> Wording("en").say(told), Wording("fr").say(told).replace("\u202f", " ")
    ('1,200 roads', '1 200 routes')
    """
    return Message(text=one, many=many, n=n, values=values)

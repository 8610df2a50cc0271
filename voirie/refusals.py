"""Errors in the language of who reads them.

An error is raised with plain English text, as one writes it (``f"the column {name} is missing"``),
and stays so in logs and for programs. Who tells it to a person looks the clause up: among the
sentences that `.ci/refusals.py` found in the code, the one whose fixed words it has, and the
French of that, filled with the same values. What no template fits is told as it is.
"""

from __future__ import annotations

import re
import string
from functools import cache
from typing import NamedTuple

from voirie.errors import R_, VoirieError, brief, printable
from voirie.wording import NO_BREAK, Language, refusals

OF_LIBRARIES = (
    # pydantic
    R_("Field required"),
    R_("Extra inputs are not permitted"),
    R_("Value error, {reason}"),
    R_("Input should be {what}"),
    R_("a valid number"),
    R_("a finite number"),
    R_("a valid integer"),
    R_("a valid integer, unable to parse string as an integer"),
    R_("a valid number, unable to parse string as a number"),
    R_("a valid integer, got a number with a fractional part"),
    R_("a valid string"),
    R_("a valid boolean"),
    R_("a valid boolean, unable to interpret input"),
    R_("a valid list"),
    R_("a valid tuple"),
    R_("a valid dictionary"),
    R_("a valid dictionary or instance of {name}"),
    R_("a valid date"),
    R_("a valid datetime"),
    R_("a valid datetime or date, {reason}"),
    R_("input is too short"),
    R_("invalid character in year"),
    R_("greater than {bound}"),
    R_("greater than or equal to {bound}"),
    R_("less than {bound}"),
    R_("less than or equal to {bound}"),
    R_("Input should be {first} or {last}"),
    R_("Input should be greater than or equal to {bound}"),
    R_("Input should be less than or equal to {bound}"),
    R_("Input should be a valid dictionary or instance of {name}"),
    R_("Input should be a valid datetime or date, {reason}"),
    R_("String should match pattern {pattern}"),
    R_("String should have at least {n} character"),
    R_("String should have at least {n} characters"),
    R_("String should have at most {n} characters"),
    R_("List should have at least {n} item after validation, not {found}"),
    R_("List should have at least {n} items after validation, not {found}"),
    R_("List should have at most {n} items after validation, not {found}"),
    R_("Tuple should have at least {n} item after validation, not {found}"),
    # the parser of the command line
    R_("Missing argument {name}"),
    R_("Missing option {name}"),
    R_("Missing parameter: {name}"),
    R_("No such option: {name}"),
    R_("No such option: {name} Did you mean {near}?"),
    R_("No such option: {name} (Possible options: {near})"),
    R_("Option {name} requires an argument"),
    R_("Option {name} does not take a value"),
    R_("Got unexpected extra argument ({words})"),
    R_("Got unexpected extra arguments ({words})"),
    R_("Invalid value for {name}: {reason}"),
    R_("{value} is not a valid float"),
    R_("{value} is not a valid integer"),
    R_("{value} is not a valid int"),
    R_("{value} is not in the range {bounds}"),
    # the system
    R_("Permission denied"),
    R_("Operation not permitted"),
    R_("Read-only file system"),
    R_("Not a directory"),
    R_("Is a directory"),
    R_("File exists"),
    R_("File too large"),
    R_("File name too long"),
    R_("No such file or directory"),
    R_("No space left on device"),
    R_("Too many levels of symbolic links"),
    R_("Address already in use"),
    R_("Cannot assign requested address"),
    R_("Name or service not known"),
)
"""Reasons that libraries and the system give, as far as ours let them through."""


class _Template(NamedTuple):
    pattern: re.Pattern[str]
    fixed: int
    french: str


def clause(text: str, language: Language) -> str:
    """One clause of an error, as its reader says it.

    Parameters
    ----------
    text
        Message, remedy or reason, in English.
    language
        Of the reader.

    Examples
    --------
    >>> clause("the layer axes is missing", "fr")
    'la couche axes manque'
    >>> clause("the layer axes is missing", "en")
    'the layer axes is missing'
    """
    if language == "en":
        return text
    # The system's words begin with a capital, and stand inside our sentences without.
    exact = _exact(language).get(text.lower())
    if exact is not None:
        return _typeset(exact)
    fits = [(one.fixed, one, one.pattern.fullmatch(text)) for one in _templates(language)]
    fitting = [(fixed, one, match) for fixed, one, match in fits if match]
    if not fitting:
        return text
    _, best, match = max(fitting, key=lambda fit: fit[0])
    values = {name: clause(value, language) for name, value in match.groupdict().items()}
    return _typeset(best.french.format(**values))


def sentence(error: VoirieError, language: Language) -> str:
    """An error as one sentence: the file, what is wrong with it, and what to do.

    Examples
    --------
    >>> from voirie.errors import EmptyInput
    >>> error = EmptyInput("the file holds no byte", "a.mp4", "copy it again from the camera")
    >>> print(sentence(error, "fr").replace(NO_BREAK, " "))
    a.mp4 : le fichier est vide ; copiez-le à nouveau depuis la caméra.
    """
    if language == "en":
        return str(error)
    message = brief(clause(brief(error.message), language))
    where = f"{error.path}{NO_BREAK}: " if error.path else ""
    remedy = f"{NO_BREAK}; {brief(clause(error.remedy, language))}" if error.remedy else ""
    return printable(f"{where}{message}{remedy}.")


@cache
def _exact(language: Language) -> dict[str, str]:
    return {english.lower(): french for english, french in refusals(language).items()}


@cache
def _templates(language: Language) -> tuple[_Template, ...]:
    """Sentences with places, as patterns; the more fixed letters, the surer."""
    found = []
    for english, french in refusals(language).items():
        parts = list(string.Formatter().parse(english))
        names = [name for _, name, _, _ in parts if name]
        if not names:
            continue
        pattern = "".join(
            re.escape(fixed) + (f"(?P<{name}>.+?)" if name else "") for fixed, name, _, _ in parts
        )
        fixed = sum(len(text) for text, _, _, _ in parts)
        found.append(_Template(re.compile(pattern, re.DOTALL | re.IGNORECASE), fixed, french))
    return tuple(found)


def _typeset(text: str) -> str:
    """French quotes, and spaces before the marks that want one, where a value has others."""
    text = re.sub(r"(?<!\w)'([^'\n]+)'(?!\w)", f"«{NO_BREAK}\\1{NO_BREAK}»", text)
    return re.sub(r"(?<=\S) (?=[;:?!»](\s|$))", NO_BREAK, text).replace(" %", f"{NO_BREAK}%")

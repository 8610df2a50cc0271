"""Every way to fail, one small class each.

An error is one sentence with the file, the reason and the remedy. At the command line it
becomes an exit code, at the API a problem+json; in a batch it is a value that is counted.
"""

from __future__ import annotations

import errno
import os
from os import PathLike, fspath
from typing import ClassVar


def R_(clause: str) -> str:
    """Mark a clause of an error that stands apart from the error, for the catalogue of texts.

    Those that stand in the call of an error are found without.

    Examples
    --------
    >>> R_("see voirie run --help")
    'see voirie run --help'
    """
    return clause


class VoirieError(Exception):
    """Base of all errors a user may meet.

    Parameters
    ----------
    message
        What went wrong, as one clause without a final point.
    path
        The file or folder concerned.
    remedy
        What the user can do about it, as one clause.

    Examples
    --------
    >>> print(EmptyInput("the file holds no byte", "a.mp4", "copy it again from the camera"))
    a.mp4: the file holds no byte; copy it again from the camera.
    """

    exit_code: ClassVar[int] = 2
    problem_type: ClassVar[str] = "about:blank"
    http_status: ClassVar[int] = 500

    def __init__(
        self, message: str, path: str | PathLike[str] | None = None, remedy: str | None = None
    ) -> None:
        self.message = message
        self.path = None if path is None else fspath(path)
        self.remedy = remedy
        super().__init__(message)

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        remedy = f"; {brief(self.remedy)}" if self.remedy else ""
        return printable(f"{where}{brief(self.message)}{remedy}.")


NARROW = "\u00a0\u202f"
LONGEST = 600
"""Characters of a clause; a file may hold a number of five thousand digits."""


def brief(text: str) -> str:
    """A clause, cut where it is too long for a sentence.

    Examples
    --------
    >>> len(brief("7" * 5000))
    603
    """
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def printable(text: str) -> str:
    r"""The text with what would break a line or a terminal written as an escape.

    A file may be called anything, also what is no text; what is wrong in it as well. The spaces
    that French wants before its marks stay.

    Examples
    --------
    >>> print(printable("drive\n.mp4"))
    drive\n.mp4
    """
    return "".join(
        c if c.isprintable() or c in NARROW else c.encode("unicode_escape").decode() for c in text
    )


class ConfigurationError(VoirieError):
    """An argument, a setting or an input file of ours says something impossible."""

    exit_code = 2
    problem_type = "urn:voirie:problem:configuration"
    http_status = 422


class OutputNotWritable(VoirieError):
    """The output folder cannot be written."""

    exit_code = 2
    problem_type = "urn:voirie:problem:output-not-writable"


class DiskFull(VoirieError):
    """The disk that takes the output is full."""

    exit_code = 2
    problem_type = "urn:voirie:problem:disk-full"
    http_status = 507


class WeightsMissing(VoirieError):
    """A detector's weights are absent or are not the registered ones."""

    exit_code = 2
    problem_type = "urn:voirie:problem:weights-missing"


class MissingExtra(VoirieError):
    """The command needs an optional dependency that is not installed."""

    exit_code = 2
    problem_type = "urn:voirie:problem:missing-extra"


class InputUnusable(VoirieError):
    """Base of everything an input can have wrong with it."""

    exit_code = 3
    problem_type = "urn:voirie:problem:input-unusable"
    http_status = 422


class EmptyInput(InputUnusable):
    """The input holds nothing: zero bytes, no frame, no row."""

    problem_type = "urn:voirie:problem:empty-input"


class NotDecodable(InputUnusable):
    """The input is no video, picture or track that we can read."""

    problem_type = "urn:voirie:problem:not-decodable"


class PicturesTurned(InputUnusable):
    """Pictures lie on their side or upside down and do not say so."""

    problem_type = "urn:voirie:problem:pictures-turned"


class NoOverlap(InputUnusable):
    """Track and video, or track and network, have no moment or no metre in common."""

    problem_type = "urn:voirie:problem:no-overlap"


class NetworkUnusable(InputUnusable):
    """The network is empty, has no coordinate reference system or lacks a column."""

    problem_type = "urn:voirie:problem:network-unusable"


class NotASurvey(InputUnusable):
    """The folder is not a whole survey folder."""

    problem_type = "urn:voirie:problem:not-a-survey"
    http_status = 404


class NotConform(InputUnusable):
    """A table holds a value that its schema does not allow."""

    problem_type = "urn:voirie:problem:not-conform"


class StoreUnusable(VoirieError):
    """The database does not answer, or has another schema than this program's."""

    exit_code = 2
    problem_type = "urn:voirie:problem:store-unusable"
    http_status = 503


class NotFound(VoirieError):
    """The thing asked for by its identifier does not exist."""

    exit_code = 2
    problem_type = "urn:voirie:problem:not-found"
    http_status = 404


class NotCertified(VoirieError):
    """A picture is not the one that the certificate names: it is not opened."""

    exit_code = 5
    problem_type = "urn:voirie:problem:not-certified"
    http_status = 403


class AnonymiserUnfit(VoirieError):
    """The anonymiser is missing, altered or failing: nothing goes out."""

    exit_code = 5
    problem_type = "urn:voirie:problem:anonymiser-unfit"
    http_status = 503


class FrameNotSealed(VoirieError):
    """One frame could not be sealed: it is dropped and counted, its metres not surveyed."""

    exit_code = 4
    problem_type = "urn:voirie:problem:frame-not-sealed"


NOT_WRITABLE = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EFBIG,
    errno.ENAMETOOLONG,
}  # fmt: skip


def of_system(error: OSError, path: str | PathLike[str] | None = None) -> VoirieError | None:
    """The error of ours that one of the system amounts to, None where it is no usual one.

    Parameters
    ----------
    error
        As the system raised it.
    path
        What was being written, where the error does not say.

    Examples
    --------
    >>> print(of_system(OSError(errno.ENOSPC, "No space left on device", "out/a.jpg")))
    out/a.jpg: the disk is full; free some room and run the same command again.
    >>> of_system(OSError(errno.EINTR, "interrupted")) is None
    True
    """
    where = error.filename or path
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull("the disk is full", where, "free some room and run the same command again")
    if error.errno in NOT_WRITABLE:
        why = os.strerror(error.errno).lower()
        return OutputNotWritable(
            f"it cannot be written ({why})", where, "check who owns it, or choose another place"
        )
    return None


DONE = 0
DONE_IN_PART = 4
INTERRUPTED = 130

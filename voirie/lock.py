"""One process at a time works on a folder."""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voirie.errors import ConfigurationError, of_system

OWNER = re.compile(rb"voirie (\d+)\n")
NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS}
"""What file systems without locks answer: there, nobody is kept apart."""


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Keep a folder for this process while the block runs.

    The lock lies beside the folder, which may not be there yet, and holds the process's number.
    It ends with the process, however that ends; the file goes with the block.

    Parameters
    ----------
    target
        The folder that is worked on; folders above it that are missing are made.

    Raises
    ------
    ConfigurationError
        When another process holds it.
    OutputNotWritable
        When nothing can be written there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     with locked(Path(name) / "survey"):
    ...         print([path.name for path in Path(name).iterdir()])
    ...     list(Path(name).iterdir())
    ['.survey.lock']
    []
    """
    path = target.with_name(f".{target.name}.lock")
    missing = [above for above in path.parents if not above.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _taken(path, target)
    except OSError as error:
        known = of_system(error, path)
        if known is None:
            raise
        raise known from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(file)
        for above in missing:  # one that holds nothing was made for nothing
            with suppress(OSError):
                above.rmdir()


def _taken(path: Path, target: Path) -> int:
    """The open lock file, held by this process."""
    while True:
        # Without O_NONBLOCK a pipe of that name would be waited for.
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o644)
        try:
            owner = OWNER.fullmatch(os.pread(file, 64, 0))
            if owner is None and os.fstat(file).st_size:
                raise ConfigurationError(
                    "this file is none of ours and stands where the lock of the folder goes",
                    path,
                    "move it away, or choose another --out",
                )
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as held:
                who = "another process" if owner is None else f"process {owner[1].decode()}"
                raise ConfigurationError(
                    f"{who} is at work on it", target, "wait until it is done, or stop it"
                ) from held
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise
            # Whoever held it before may have removed the file between our two calls.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.stat(path), os.fstat(file)):
                    os.ftruncate(file, 0)
                    os.pwrite(file, f"voirie {os.getpid()}\n".encode(), 0)
                    return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)

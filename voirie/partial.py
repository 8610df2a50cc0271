"""Work on a folder happens beside it, in `NAME.partial`, and takes its name when it is whole.

Only folders that carry our own mark are written in, replaced or removed; a folder that somebody
else made is refused, whatever it is called. A kill at any moment is repaired by `repair`, which
every piece of work begins with.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from voirie.errors import ConfigurationError
from voirie.files import breaks_lines, read_json, sync_folder, write_json

STATE = ".state"
MARK = "unfinished.json"
"""The mark; it stands in the folder for people to see and in its `.state`, in case one is lost."""
LONGEST_NAME_BYTES = 255 - len(".." + 16 * "0" + ".old")
Maker = Literal["survey", "anonymize"]
AT_FDCWD, RENAME_EXCHANGE = -100, 2
NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


class Mark(BaseModel):
    """What `unfinished.json` says: whose unfinished work a folder is.

    Attributes
    ----------
    schema_version
        Of this file.
    maker
        The command that works there.
    of
        Name of the folder that it becomes.
    filled
        Whether all that the work starts from is there.
    replaces, inode
        Name that the folder before it is given while it is removed, and which folder that is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal["voirie.work/1"] = "voirie.work/1"
    maker: Maker
    of: str
    filled: bool = False
    replaces: str | None = None
    inode: int | None = None


def place_of(out: Path) -> Path:
    """The folder that `--out` means.

    A link stands for the folder that it leads to: the work happens beside that one, on its disk,
    and the link stays what it is.

    Raises
    ------
    ConfigurationError
        When it has no name that a folder could be given, or one that its work cannot be named by.

    Examples
    --------
    >>> place_of(Path("/srv/surveys/../d108")).as_posix()
    '/srv/d108'
    """
    if out.name in {"", ".."}:
        raise ConfigurationError(
            "a folder is replaced as a whole, and this names none",
            str(out),
            "give --out the name of a folder",
        )
    try:
        target = out.resolve()
    except (RuntimeError, OSError) as error:
        raise ConfigurationError(
            "it is a link that leads nowhere", out, "choose another --out"
        ) from error
    if len(os.fsencode(target.name)) > LONGEST_NAME_BYTES:
        raise ConfigurationError(
            f"its name has more than {LONGEST_NAME_BYTES} bytes, which leaves no room for the "
            "names of its work",
            target,
            "choose a shorter --out",
        )
    if breaks_lines(target):
        raise ConfigurationError(
            "its path has a tab or a line break, and no GeoPackage can be written there",
            target,
            "choose another --out",
        )
    if any("\ud800" <= letter <= "\udfff" for letter in target.name):
        raise ConfigurationError("its name is no text in UTF-8", target, "choose another --out")
    return target


def partial_of(target: Path) -> Path:
    """Where the work for a folder happens."""
    return target.with_name(target.name + ".partial")


def mark_of(folder: Path) -> Mark | None:
    """The mark that a folder carries, None where it carries none of ours."""
    return _read(folder / STATE / MARK) or _read(folder / MARK)


def is_unfinished(folder: Path) -> bool:
    """Whether a folder is work that was not put in place, or a copy of such.

    What a stop left in a folder that has its name already is no such thing.
    """
    if os.path.lexists(folder / MARK):
        return True
    mark = mark_of(folder)
    return mark is not None and mark.of != folder.resolve().name


def claim(target: Path, maker: Maker) -> Path:
    """The partial folder of a target, made and marked where it is not there yet.

    Raises
    ------
    ConfigurationError
        When a folder of that name is somebody else's.
    """
    refuse_foreign(target, maker)
    partial = partial_of(target)
    partial.mkdir(parents=True, exist_ok=True)
    mark = mark_of(partial) or Mark(maker=maker, of=target.name)
    make_folder(partial / STATE)
    _write(mark, partial)
    return partial


def make_folder(path: Path) -> None:
    """Make a folder inside one of ours; a link or a file that stands there instead goes."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        path.mkdir()


def refuse_foreign(target: Path, maker: Maker) -> None:
    """Refuse a `NAME.partial` that is not the unfinished work of this folder.

    Raises
    ------
    ConfigurationError
        Naming it.
    """
    partial = partial_of(target)
    if not os.path.lexists(partial):
        return
    mark = mark_of(partial)
    known = mark is not None and (mark.maker, mark.of) == (maker, target.name)
    if partial.is_symlink() or not (known or (mark is None and _holds_nothing(partial))):
        raise ConfigurationError(
            f"this is no unfinished work on {target.name}, and is left alone",
            partial,
            "move it away, or choose another --out",
        )


def tell_filled(partial: Path) -> None:
    """Note that a partial folder holds all that the work starts from."""
    mark = mark_of(partial)
    if mark is not None:
        _write(mark.model_copy(update={"filled": True}), partial)


def empty_out(partial: Path) -> None:
    """Remove all of a partial folder but its mark."""
    for path in partial.iterdir():
        if path.name not in {MARK, STATE}:
            _remove(path)
    for path in (partial / STATE).iterdir():
        if path.name != MARK:
            _remove(path)


def remove(partial: Path) -> None:
    """Remove a partial folder; a stop on the way leaves one that is known as ours."""
    empty_out(partial)
    (partial / MARK).unlink(missing_ok=True)
    _end(partial)
    partial.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _end(folder: Path) -> None:
    """Remove what is needed to resume; the mark goes last, so that a stop is taken up again."""
    state = folder / STATE
    for path in state.iterdir():
        if path.name != MARK:
            _remove(path)
    sync_folder(state)
    (state / MARK).unlink(missing_ok=True)
    state.rmdir()


def _holds_nothing(partial: Path) -> bool:
    """Whether a folder has no file: a kill before the mark was written leaves one like this."""
    files = [Path(here, name) for here, _, names in os.walk(partial) for name in names]
    return partial.is_dir() and all(path.parent == partial / STATE for path in files)


def put_in_place(partial: Path, target: Path) -> None:
    """Give the partial folder the name of its target; a folder before it gives way at once.

    What is needed to resume goes last: a stop at any moment before is taken up again.
    """
    mark = mark_of(partial)
    assert mark is not None, "only what `claim` gave is put in place"
    _write_in(partial / STATE, mark)
    (partial / MARK).unlink(missing_ok=True)  # from here on it is finished, wherever it stands
    sync_folder(partial)
    if target.exists():
        old = target.with_name(f".{target.name}.{secrets.token_hex(8)}.old")
        # What gives way is known by its number, so that nothing else is ever taken for it.
        inode = target.stat().st_ino
        replacing = mark.model_copy(update={"replaces": old.name, "inode": inode})
        _write_in(partial / STATE, replacing)
        if exchange(partial, target):
            partial.rename(old)
        else:
            target.rename(old)
            partial.rename(target)
        sync_folder(target.parent)
        shutil.rmtree(old)
    else:
        partial.rename(target)
        sync_folder(target.parent)
    _end(target)


def repair(target: Path) -> None:
    """Finish what a kill left half done while a folder was put in place."""
    mark, partial = _read(target / STATE / MARK), partial_of(target)
    if mark is not None and mark.of == target.name and not is_unfinished(target):
        if mark.replaces is not None:
            old = target.with_name(mark.replaces)
            if _is(partial, mark.inode):
                partial.rename(old)
            if _is(old, mark.inode):
                shutil.rmtree(old)
        _end(target)
        return
    mark = mark_of(partial)
    if mark is None or mark.of != target.name or mark.replaces is None:
        return
    if not os.path.lexists(target) and _is(target.with_name(mark.replaces), mark.inode):
        target.with_name(mark.replaces).rename(target)


def exchange(first: Path, second: Path) -> bool:
    """Swap two names at once; False where the system cannot, and nothing has happened then."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):  # a C library without it
        return False
    names = os.fsencode(first), os.fsencode(second)
    if call(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(second))


def _is(folder: Path, inode: int | None) -> bool:
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_ino == inode


def _read(path: Path) -> Mark | None:
    try:
        return Mark.model_validate(read_json(path))
    except (OSError, ValueError):
        return None


def _write(mark: Mark, partial: Path) -> None:
    for folder in (partial / STATE, partial):
        _write_in(folder, mark)


def _write_in(folder: Path, mark: Mark) -> None:
    write_json(folder / MARK, mark.model_dump(mode="json", exclude_none=True))

"""Sealed pictures in a folder where the name of a file is the SHA-256 of its content.

A picture comes in with the hash that its certificate names, and goes out only when it still has it.
Two surveys that hold the same picture share its file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from anonymize.certificate import Certificate, certified_bytes, unnamed_in
from inspection.store.database import Store
from inspection.store.models import rows
from voirie.errors import NotCertified, NotFound
from voirie.files import disk_errors

FOLDER = "pictures"
LOCK = ".pictures.lock"
HEX = "0123456789abcdef"
SHARES = [a + b for a in HEX for b in HEX]


def place(root: Path, sha256: str) -> Path:
    """Where the picture of a hash lies.

    Examples
    --------
    >>> place(Path("store"), "ab12cd" + 58 * "0").parent.as_posix()
    'store/pictures/ab/12'
    """
    return root / FOLDER / sha256[:2] / sha256[2:4] / f"{sha256}.jpg"


@contextmanager
def held(root: Path, alone: bool = False) -> Iterator[None]:
    """Keep pictures from being removed while others come in.

    Parameters
    ----------
    root
        Folder of the store.
    alone
        True for who removes: it waits until nobody else is at work, and they wait for it.
    """
    with disk_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        lock = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(lock)


def take_in(certificate: Certificate, root: Path) -> int:
    """Copy every picture that a certificate names into the store and return their number.

    They are on the disk when this returns. What stands there already is read again.

    Parameters
    ----------
    certificate
        Of a survey folder, as opened from it.
    root
        Folder of the store; the caller holds it (`held`).

    Raises
    ------
    NotCertified
        At the first file that is missing, changed, or stands in the folder unnamed.
    DiskFull, OutputNotWritable
        When the disk does not take them.
    """
    for stray in unnamed_in(certificate.root, certificate.names):
        raise NotCertified("the certificate does not name this picture", stray, "remove it")
    count = 0
    with disk_errors(root):
        for entry in certificate:
            source = certificate.root / entry.file
            keep(certified_bytes(source, certificate), entry.sha256, root)
            count += 1
        os.sync()  # names and contents, once for all of them
    return count


def keep(data: bytes, sha256: str, root: Path) -> None:
    """Put bytes under the name of their hash; a file that a power cut tore is replaced."""
    path = place(root, sha256)
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    path.chmod(0o644)


def picture_of(store: Store, body_no: int, picture_id: str) -> bytes:
    """A picture of a body, as it was sealed.

    Parameters
    ----------
    store
        The store.
    body_no
        Who asks; the pictures of another body are not found.
    picture_id
        As frames and findings name it: ``pass/frame``.

    Raises
    ------
    NotFound
        When the body has no such picture.
    NotCertified
        When the file is missing or has changed.
    """
    certified = rows["certificate"]
    wanted = (
        select(certified.c.sha256)
        .where(certified.c.body_no == body_no, certified.c.file == f"{FOLDER}/{picture_id}.jpg")
        .limit(1)
    )
    with store.reading() as connection:
        sha256 = connection.scalar(wanted)
    if sha256 is None:
        raise NotFound(f"there is no picture {picture_id}", None, "see the frames of the survey")
    return whole_picture(store.root, sha256)


def whole_picture(root: Path, sha256: str) -> bytes:
    """The bytes of a hash.

    Raises
    ------
    NotCertified
        When the file is missing or has changed.
    """
    path = place(root, sha256)
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotCertified("it is not the picture that was sealed", path, "restore it from a copy")
    return data


def sweep(store: Store) -> int:
    """Remove the files that no survey holds, also what a kill left, and return their number."""
    removed = 0
    with held(store.root, alone=True):
        for share in SHARES:
            folder = store.root / FOLDER / share
            if folder.is_dir():
                removed += _sweep_share(store, folder, share)
    return removed


def _sweep_share(store: Store, folder: Path, share: str) -> int:
    sha256 = rows["certificate"].c.sha256
    # "g" follows the last digit: a range of the index, not a look at every row.
    wanted = select(sha256).distinct().where(sha256 >= share, sha256 < f"{share}g")
    with store.reading() as connection:
        known = set(connection.scalars(wanted))
    removed = 0
    for path in [path for path in folder.glob("*/*") if path.stem not in known]:
        path.unlink()
        removed += 1
    for inner in folder.iterdir():
        if not any(inner.iterdir()):
            inner.rmdir()
    return removed

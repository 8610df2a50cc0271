"""`voirie push`: send films and surveys from the road."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.push.found import archive, files_of, is_survey
from api.push.history import History, Seen, usual_place
from api.push.sender import NotReached, Refused, Sender
from voirie.errors import DONE, DONE_IN_PART, ConfigurationError
from voirie.wording import session

LONGEST_WAIT_S = 60.0


def push_command(
    paths: Annotated[list[Path], typer.Argument(help="Films, folders of films, survey folders")],
    to: Annotated[str, typer.Option(help="Address of the server")],
    token_file: Annotated[Path, typer.Option(help="File with the token of the vehicle")],
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on for ever with what comes later")
    ] = False,
    patience_s: Annotated[
        float, typer.Option(min=0, help="Seconds without a link after which it gives up")
    ] = 600.0,
    every_s: Annotated[
        float, typer.Option(min=0.1, help="Seconds between two looks at a watched folder")
    ] = 10.0,
    remove_after: Annotated[
        bool,
        typer.Option("--remove-after", help="Delete a film once the server confirmed its hash"),
    ] = False,
    history: Annotated[Path | None, typer.Option(help="File of what was sent")] = None,
    plain_http: Annotated[
        bool,
        typer.Option(
            "--plain-http", help="Let the token travel readable, on a network of your own"
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Tell it as JSON")] = False,
) -> int:
    """Send films, tracks and certified surveys to an inbox, and go on where a link dropped.

    Nothing is deleted unless --remove-after says so, and then only what the server has confirmed
    by its hash. What was confirmed is not sent again.
    """
    for path in paths:
        if not path.exists():
            raise ConfigurationError("there is nothing here", path, "correct the path")
    sender = Sender(to, _token_of(token_file), plain_http)
    push = Push(sender, History(history or usual_place()), remove_after, as_json)
    settled: dict[Path, Seen] = {}
    since_s, wait_s = time.monotonic(), 1.0
    while True:
        left = push.once(paths, settled if watch else None)
        if not watch and not left:
            return DONE if not push.refused else DONE_IN_PART
        if not left or push.moved:
            since_s, wait_s = time.monotonic(), 1.0
        elif not watch and time.monotonic() - since_s >= patience_s:
            return DONE_IN_PART
        time.sleep(wait_s if left else every_s)
        wait_s = min(2 * wait_s, LONGEST_WAIT_S)


class Push:
    """What was sent so far, and what is told of it.

    Parameters
    ----------
    sender
        To the server.
    history
        What it confirmed before.
    remove_after
        Whether a confirmed file is deleted.
    as_json
        Whether it is told to a program.
    """

    def __init__(self, sender: Sender, history: History, remove_after: bool, as_json: bool) -> None:
        self.sender, self.history = sender, history
        self.remove_after, self.as_json = remove_after, as_json
        self.refused: set[Seen] = set()
        self.moved = False

    def once(self, paths: Sequence[Path], settled: dict[Path, Seen] | None) -> int:
        """Send what there is; how many files wait for another try.

        Parameters
        ----------
        paths
            Films and folders.
        settled
            Files as they were at the last look: one that has changed since is still written.
            None sends all at once.
        """
        left, self.moved = 0, False
        for path in paths:
            if is_survey(path):
                with tempfile.TemporaryDirectory(prefix="voirie-push-") as place:
                    left += not self._sent(archive(path, Path(place)), told=path, remove=False)
                continue
            for file in files_of(path):
                try:
                    seen = Seen.at(file)
                except OSError:
                    continue  # gone since
                if settled is not None and settled.get(file) != seen:
                    settled[file] = seen
                elif seen.size and seen not in self.refused:
                    left += not self._sent(file, told=file, remove=self.remove_after)
        return left

    def _sent(self, file: Path, told: Path, remove: bool) -> bool:
        """Whether a file needs no other try."""
        seen = Seen.at(file)
        sha256 = self.history.sha256(seen)
        if not self.history.is_confirmed(sha256, self.sender.url):
            try:
                self.sender.send(file, seen.size, sha256)
            except NotReached as error:
                self._tell(told, "waits", str(error))
                return False
            except Refused as error:
                self.refused.add(seen)
                self._tell(told, "refused", str(error))
                return True
            self.history.confirm(sha256, self.sender.url)
            self.moved = True
            self._tell(told, "confirmed", sha256)
        # A card that was filled anew under the same name holds another file now.
        if remove and Seen.at(file) == seen:
            file.unlink()
        return True

    def _tell(self, path: Path, state: str, detail: str) -> None:
        if self.as_json:
            typer.echo(json.dumps({"path": str(path), "state": state, "detail": detail}))
            return
        w = session()
        if state == "confirmed":
            typer.echo(w.text("{file}: confirmed by the server", file=path.name))
        elif state == "waits":
            typer.echo(w.text("{file}: waits ({why})", file=path.name, why=detail), err=True)
        else:
            typer.echo(w.text("{file}: refused ({why})", file=path.name, why=detail), err=True)


def _token_of(path: Path) -> str:
    """The token in a file.

    Raises
    ------
    ConfigurationError
        When there is none.
    """
    try:
        token = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            "the token cannot be read", path, "write what voirie token add told into it"
        ) from error
    if not token or not token.isprintable() or " " in token:
        raise ConfigurationError(
            "this file holds no token", path, "write what voirie token add told into it"
        )
    return token

"""What code a stage runs, hashed: a changed line makes the stage run again.

The imports of our own modules are followed in their source, wherever in the file they stand, so
that the answer does not depend on what this process has loaded.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("voirie", "anonymize", "gis", "planning", "inspection")
NOT_FOLLOWED = "inspection.resources"
"""It reads inputs for every stage; a stage imports what it does with them itself."""
DATA_SUFFIXES = frozenset({".yaml", ".toml", ".json", ".j2", ".css", ".js", ".po", ".mo"})


class SourceTree:
    """Our packages as files.

    Parameters
    ----------
    roots
        Folder of each package.
    """

    def __init__(self, roots: Mapping[str, Path]) -> None:
        self._roots = roots
        self._imported: dict[str, frozenset[str]] = {}
        self._hashed: dict[str, str] = {}

    def modules_of(self, module: str) -> list[str]:
        """A module and everything of ours that it imports, directly or not, in order."""
        found: set[str] = set()
        waiting = [module]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._imports_of(name)
        return sorted(found)

    def sha256_of(self, module: str) -> str:
        """SHA-256 over the source of a module and of everything of ours that it imports."""
        lines = [f"{name} {self._hash_of(name)}\n" for name in self.modules_of(module)]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def _file_of(self, module: str) -> Path | None:
        """Source of a module, None for what is no module of ours."""
        package, *inner = module.split(".")
        if package not in self._roots:
            return None
        path = self._roots[package].joinpath(*inner)
        for file in (path / "__init__.py", path.with_suffix(".py")):
            if file.is_file():
                return file
        return None

    def _imports_of(self, module: str) -> frozenset[str]:
        """Modules of ours that a module imports, its own packages among them."""
        if module not in self._imported:
            file = self._file_of(module)
            names = set(_parents(module))
            if file is not None and module != NOT_FOLLOWED:
                for node in ast.walk(ast.parse(file.read_bytes())):
                    names.update(_named(node))
            ours = {name for name in names if self._file_of(name) is not None}
            self._imported[module] = frozenset(ours.union(*map(_parents, ours)))
        return self._imported[module]

    def _hash_of(self, module: str) -> str:
        if module not in self._hashed:
            digest = hashlib.sha256()
            file = self._file_of(module)
            for path in [] if file is None else [file, *_data_of(file)]:
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
            self._hashed[module] = digest.hexdigest()
        return self._hashed[module]


def _parents(module: str) -> list[str]:
    """Packages that importing a module runs.

    Examples
    --------
    >>> _parents("gis.tracks.kalman")
    ['gis', 'gis.tracks']
    """
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _named(node: ast.AST) -> Iterator[str]:
    """Names that an import may load: ``from a import b`` loads ``a``, and ``a.b`` if it is one."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _data_of(file: Path) -> list[Path]:
    """Data files that a module reads: of its own name, or below a package in plain folders."""
    if file.name != "__init__.py":
        beside = file.parent.glob(f"{file.stem}.*")
        return sorted(path for path in beside if path.suffix in DATA_SUFFIXES)
    folders = [
        folder
        for folder in file.parent.iterdir()
        if folder.is_dir() and folder.name[0] not in "._" and not any(folder.glob("*.py"))
    ]
    every = (path for folder in folders for path in folder.rglob("*"))
    return sorted(path for path in every if path.suffix in DATA_SUFFIXES)


@cache
def installed_sources() -> SourceTree:
    """The packages that this process runs."""
    roots = {}
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            roots[name] = Path(spec.submodule_search_locations[0])
    return SourceTree(roots)

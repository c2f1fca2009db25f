"""Scenarios from files and from the built-in library."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.errors import FileError, ScenarioError
from standfast.scenario.check import check_tree, scenario_error
from standfast.scenario.edit import apply_overrides
from standfast.scenario.names import suggest
from standfast.scenario.privacy import check_no_table
from standfast.scenario.reading import MAX_BYTES, ReadingError, decode, read_json, read_yaml
from standfast.scenario.toml import read_toml
from standfast.scenario.tree import Tree, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.scenario.evidence import Evidence
    from standfast.scenario.model import Scenario

_READERS = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json, ".toml": read_toml}


@dataclass(frozen=True)
class Document:
    """A scenario together with the file it was read from.

    Attributes
    ----------
    scenario
        The validated scenario, overrides included.
    text
        The file as it was written.
    origin
        Name of the built-in scenario, or the file as the user named it.
    """

    scenario: Scenario
    text: str
    origin: str

    @property
    def evidence(self) -> dict[str, Evidence]:
        """What stands behind the values, by dotted path."""
        return self.scenario.evidence


def load_scenario(name_or_path: str | Path, *, overrides: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    name_or_path
        Name of a built-in scenario, or a .yaml, .yml, .json or .toml file.
    overrides
        Changes to make before checking, such as ``"time.horizon=5 d"``.

    Raises
    ------
    ScenarioError
        When anything is wrong with it; carries every problem at once.
    FileError
        When there is no such scenario, or the file cannot be read.
    """
    return load_document(name_or_path, overrides=overrides).scenario


def load_document(name_or_path: str | Path, *, overrides: Sequence[str] = ()) -> Document:
    """Read and check a scenario, and keep the text and the evidence; see `load_scenario`."""
    path, origin = find_scenario(name_or_path)
    return read_document(read_bytes(path, origin), path.suffix.lower(), origin, overrides=overrides)


def read_document(
    content: bytes, suffix: str, origin: str, *, overrides: Sequence[str] = ()
) -> Document:
    """Read and check the content of a scenario file.

    Parameters
    ----------
    content
        The bytes of the file.
    suffix
        ``".yaml"``, ``".yml"``, ``".json"`` or ``".toml"``: how to read them.
    origin
        What messages call the file.
    overrides
        Changes to make before checking.

    Raises
    ------
    ScenarioError
        When anything is wrong with it.
    """
    try:
        text = decode(content)
        if table := check_no_table(text):
            raise scenario_error(origin, table)
        tree: Tree = _READERS[suffix](text)
    except ReadingError as error:
        raise ScenarioError(origin, [error.problem]) from None
    return Document(check_tree(apply_overrides(tree, overrides), origin), text, origin)


def list_library() -> list[str]:
    """Return the names of the built-in scenarios, in alphabetical order."""
    return list(_library())


def find_scenario(name_or_path: str | Path) -> tuple[Path, str]:
    """Return the file of a scenario, and what messages call it.

    Raises
    ------
    FileError
        When there is neither a file nor a built-in scenario of that name.
    """
    library = _library()
    if str(name_or_path) in library:
        return library[str(name_or_path)], str(name_or_path)
    path = Path(name_or_path)
    origin = printable(name_or_path, 200)
    if path.suffix.lower() in _READERS:
        return path, origin
    if path.suffix or "/" in str(name_or_path) or path.exists():
        raise FileError(
            origin, "is not a scenario file", f"Scenario files end in {', '.join(_READERS)}."
        )
    raise FileError(
        origin,
        "is neither a built-in scenario nor a scenario file",
        suggest(name_or_path, library, "built-in scenarios"),
    )


def _library() -> dict[str, Path]:
    folder = Path(str(resources.files("standfast.scenario"))) / "library"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def read_bytes(path: Path, origin: str) -> bytes:
    """Return the bytes of a file, one more than allowed at most.

    Raises
    ------
    FileError
        When it cannot be read.
    """
    try:
        with path.open("rb") as file:
            # one byte more than allowed is enough to know that it is too much
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileError(origin, "does not exist", "Check the name and the folder.") from None
    except IsADirectoryError:
        raise FileError(origin, "is a directory", "Name a scenario file in it.") from None
    except PermissionError:
        raise FileError(origin, "may not be read", "Check its permissions.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not usable"
        raise FileError(
            origin, f"cannot be read: {reason}", "Check the name and the disk."
        ) from None

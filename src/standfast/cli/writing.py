"""Text to a file that a user named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path


def write_text(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a text file.

    Parameters
    ----------
    path
        Where to.
    text
        What to write, as UTF-8.
    replace
        Whether a file that exists may be replaced.

    Raises
    ------
    FileError
        When the file cannot be written, or exists and may not be replaced.
    """
    try:
        with path.open("w" if replace else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise FileError(path, "exists already", "Choose another name, or give --force.") from None
    except FileNotFoundError:
        raise FileError(
            path, "is in a folder that does not exist", "Make the folder first."
        ) from None
    except IsADirectoryError:
        raise FileError(path, "is a directory", "Name a file in it.") from None
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror}") from None

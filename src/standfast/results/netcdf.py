"""Writing netCDF 4 so that a disk that fails is told.

HDF5 writes some of a file only when it lets go of an object, and h5py passes over errors there: a file
on a failing disk could end up damaged without a word. So it is made in memory, where nothing fails,
and written as any other file.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import h5netcdf
from xarray.backends import H5NetCDFStore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import xarray as xr


def write_netcdf(
    groups: Mapping[str, xr.Dataset],
    path: Path,
    encoding: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Write datasets as the groups of one netCDF 4 file, the same bytes for the same content.

    Parameters
    ----------
    groups
        Datasets by the name of their group; `/` is the root.
    path
        Of the file.
    encoding
        How variables are stored, by name, beside what is always so: no fill value, which would turn
        integers into floats on reading.

    Raises
    ------
    OSError
        When the file cannot be written, to its last byte.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> import xarray as xr
    >>> with TemporaryDirectory() as base:
    ...     write_netcdf({"/": xr.Dataset({"x": ("n", [1, 2])})}, Path(base) / "x.nc")
    ...     xr.load_dataset(Path(base) / "x.nc", engine="h5netcdf")["x"].values.tolist()
    [1, 2]
    """
    made = BytesIO()
    with h5netcdf.File(made, "w") as file:
        for name, group in groups.items():
            stored = {
                str(each): {"_FillValue": None, **(encoding or {}).get(str(each), {})}
                for each in group.variables
            }
            group.dump_to_store(H5NetCDFStore(file, group=name), encoding=stored)
    path.write_bytes(made.getbuffer())

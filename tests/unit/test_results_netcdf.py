"""A netCDF file is written whole, or its writer is told."""

from __future__ import annotations

import subprocess
import sys

#: writes one dataset under every limit on the size of a file; prints how often nothing was told of a file cut short
LIMITED = r"""
import resource, signal, sys
from pathlib import Path
import numpy as np, xarray as xr
from standfast.results.netcdf import write_netcdf

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails with EFBIG instead
data = xr.Dataset({f"x{k}": ("n", np.arange(40.0) * k) for k in range(6)}, attrs={"title": "of a test"})
path = Path(sys.argv[1])
write_netcdf({"/": data}, path)
whole, silent = path.stat().st_size, 0
for limit in range(1, whole, 211):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write_netcdf({"/": data}, path)
    except OSError:
        continue
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    silent += 1
print("silent", silent)
"""


def test_a_file_that_is_cut_short_is_told_at_any_size(tmp_path):
    """HDF5 that writes to the disk itself keeps silent at some of these sizes, or kills the process."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", LIMITED, str(tmp_path / "x.nc")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["silent", "0"]

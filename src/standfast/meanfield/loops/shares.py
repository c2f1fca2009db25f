"""Joint shares of homes and groups (E21)."""

from __future__ import annotations

from standfast.kernels._jit import kernel

MOST_ROUNDS = 1000
CLOSE = 1e-12


@kernel
def join(own, rows, columns, a, b):
    """Fit factors of rows and columns until a table has given margins (Deming and Stephan 1940).

    Parameters
    ----------
    own : (n_row, n_column) float64
        The table before.
    rows, columns : (n_row,), (n_column,) float64
        Its margins afterwards.
    a, b : (n_row,), (n_column,) float64
        *Changed*: the factors.
    """
    for _ in range(MOST_ROUNDS):
        off = 0.0
        for j in range(columns.size):
            found = 0.0
            for i in range(rows.size):
                found += a[i] * own[i, j]
            off = max(off, abs(found * b[j] - columns[j]))
        if off < CLOSE:
            break
        for j in range(columns.size):
            found = 0.0
            for i in range(rows.size):
                found += a[i] * own[i, j]
            b[j] = columns[j] / found
        for i in range(rows.size):
            found = 0.0
            for j in range(columns.size):
                found += own[i, j] * b[j]
            a[i] = rows[i] / found

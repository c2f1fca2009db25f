"""mesa-frames on the standard problems: agents as rows of a frame, ties as another that is joined with it.

In an environment of its own: it needs a numpy below 2, which the other programs have left.
"""

from __future__ import annotations

import mesa_frames as mf
import numpy as np
import polars as pl
from measuring import Problem, measure

NEVER = 255
WELL, ILL, RECOVERED = range(3)


def ties(problem: Problem) -> pl.DataFrame:
    """Return who is tied to whom, both ways."""
    of = np.repeat(np.arange(problem["n"], dtype=np.int64), np.diff(problem["indptr"]))
    return pl.DataFrame({"of": of, "unique_id": problem["indices"].astype(np.int64)})


class People(mf.AgentSetPolars):
    """Everybody, and whom he is tied to."""

    def __init__(self, model: mf.ModelDF, frame: pl.DataFrame, tied: pl.DataFrame) -> None:
        super().__init__(model)
        self += frame
        self.tied = tied

    def with_neighbours(self, which: pl.Expr) -> pl.DataFrame:
        """Return how many of his neighbours are so, for whoever has any."""
        those = self.agents.lazy().filter(which).select("unique_id")
        met = self.tied.lazy().join(those, on="unique_id", how="semi").group_by("of").len("near")
        return met.collect()

    def now(self, near: pl.DataFrame, *changes: pl.Expr) -> None:
        """Change columns by how many of one's neighbours are so."""
        joined = self.agents.lazy().join(
            near.lazy(), left_on="unique_id", right_on="of", how="left", maintain_order="left"
        )
        self.agents = joined.with_columns(*changes).drop("near").collect()


class Crowd(People):
    """Granovetter's and Watts's thresholds."""

    def step(self) -> None:
        """Let those act of whose neighbours enough do."""
        near = self.with_neighbours(pl.col("when") < NEVER)
        starts = (pl.col("when") == NEVER) & (pl.col("near").fill_null(0) >= pl.col("least"))
        now = self.model.now
        self.now(near, pl.when(starts).then(now).otherwise(pl.col("when")).alias("when"))


class Epidemic(People):
    """Whoever is ill infects each neighbour who is well with chance p, and then recovers with chance q."""

    def step(self) -> None:
        """Let everybody fall ill or recover."""
        p, q, random = self.model.p, self.model.q, self.model.random_numbers
        near = self.with_neighbours(pl.col("is") == ILL)
        drawn = pl.Series(random.random(len(self.agents)))
        falls = (pl.col("is") == WELL) & (drawn < 1.0 - (1.0 - p) ** pl.col("near").fill_null(0))
        recovers = (pl.col("is") == ILL) & (drawn < q)
        after = pl.when(falls).then(ILL).when(recovers).then(RECOVERED).otherwise(pl.col("is"))
        self.now(near, after.alias("is"))


def threshold(problem: Problem):
    """Run the cascade to its fixpoint."""
    model, n = mf.ModelDF(), problem["n"]
    when = np.full(n, NEVER, dtype=np.int32)
    when[problem["seeds"]] = 0
    frame = {"unique_id": np.arange(n), "when": when, "least": problem["least"].astype(np.int64)}
    people = Crowd(model, pl.DataFrame(frame), ties(problem))
    model.agents += people

    def go() -> np.ndarray:
        for step in range(1, problem["steps"]):
            model.now = step
            model.agents.do("step")
        (crowd,) = model.agents.agents
        return crowd.sort("unique_id")["when"].to_numpy()

    return go


def sir(problem: Problem):
    """Run the epidemic."""
    model, n = mf.ModelDF(), problem["n"]
    model.p, model.q, model.random_numbers = problem["p"], problem["q"], np.random.default_rng(1)
    state = np.zeros(n, dtype=np.int8)
    state[problem["seeds"]] = ILL
    people = Epidemic(model, pl.DataFrame({"unique_id": np.arange(n), "is": state}), ties(problem))
    model.agents += people

    def go() -> int:
        for _ in range(problem["steps"]):
            model.agents.do("step")
        (crowd,) = model.agents.agents
        return int((crowd["is"] != WELL).sum())

    return go


if __name__ == "__main__":
    measure({"threshold": threshold, "sir": sir})

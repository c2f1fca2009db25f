# %% [markdown]
# # For a researcher: from a case to a figure
#
# You have a case and want a reproducible ensemble, a figure and an honest statement of what is assumed.
# This notebook uses the small invented case `garrison`; `mosul-2014` works the same and takes minutes.

# %%
import standfast as sf

garrison = sf.load("garrison")
garrison

# %% [markdown]
# Every value may carry its source. What carries none is assumed, and counts as such:

# %%
from standfast.scenario.evidence_table import assumed_share, evidence_rows

print(f"{100 * assumed_share(evidence_rows(garrison)):.0f} % of the values are assumed")

# %% [markdown]
# One run is an anecdote. Twenty replicates differ in everything that is left to luck, and in nothing else:

# %%
result = sf.run(garrison, replicates=20, seed=1, progress=False)
result

# %%
result.plot.strength("city")

# %% [markdown]
# The numbers behind it are labelled and have units: xarray for series, pandas for tables.

# %%
gone = result.runs["share_gone"]
print(gone.describe()[["min", "50%", "max"]].round(3))
print(result.series["trust"].attrs)

# %% [markdown]
# Why they left, at the moment of leaving. This is *proximate*; what made the difference is asked by switching
# mechanisms off on the same people and draws, as `standfast why` does for all of them.

# %%
print(result.causes()["median"].head(4).round(3))
kept = garrison.with_(**{"mechanisms.M15.enabled": False})
print(result.verdict)
print(sf.run(kept, replicates=20, seed=1, progress=False).verdict)

# %% [markdown]
# A saved result holds how it was made and a hash of every file; the figure has the same bytes each time.

# %%
result.save("out/garrison")
result.plot.strength("city").save("out/strength.pdf")
print(sf.verify("out/garrison"))

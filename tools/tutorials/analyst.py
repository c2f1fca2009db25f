# %% [markdown]
# # For an analyst: which measure keeps the garrison standing?
#
# Two worlds with the same synthetic people and the same luck differ only by the measure. So the difference is
# the measure's, and fewer runs are needed to see it.

# %%
from standfast.experiment.compare import compare

answer = compare(
    "garrison",
    ["keep-leaders", "answer-calls", "keep-leaders+answer-calls"],
    replicates=12,
    seed=1,
    progress=False,
)
answer

# %% [markdown]
# The table holds every place and quantity, each with its interval:

# %%
here = answer.table.query("place == 'city' and quantity == 'P(total collapse)'")
print(here[["measure", "without", "with", "change", "low", "high"]].round(2).to_string(index=False))

# %% [markdown]
# How much of a measure is enough? Near a tipping point the last bit decides everything, and more of it adds
# nothing. `tip` finds the value at which the chance of a collapse crosses one half.

# %%
from standfast.experiment.tipping import tip

edge = tip("garrison", "commitment=5:14", runs=48, seed=1, mean_field=False, progress=False)
edge

# %% [markdown]
# Saved, an answer gets a page of its own, or a section of the report: `standfast report DIR --with ANSWER`.

# %%
print(*(each.save(folder) for each, folder in ((answer, "out/measures"), (edge, "out/tips"))))

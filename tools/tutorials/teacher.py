# %% [markdown]
# # For a teacher: a collapse, and its undoing
#
# Numbers do not save a garrison in which each waits on the others. This notebook lets a class see one person's
# part in it, and undo it. The people are made up; nobody here exists.

# %%
import standfast as sf

sim = sf.Simulation("garrison", seed=1)
sim.advance()
agents = sim.state.agents
print(agents["status"].value_counts().head(5).to_string())

# %% [markdown]
# Take one who left, and hear what they went through:

# %%
left = agents.index[agents["status"] == "displaced"]
story = sim.story(int(left[10]))
story

# %% [markdown]
# Ask the class: what would have kept them? Then try it, with the same people and the same luck. Here calls for
# help are answered from the start:

# %%
answered = sf.Simulation(
    sf.load("garrison").with_(
        {
            "interventions": [
                {"kind": "answer_calls", "size": 1.0, "delay": "6 h", "battalions": 20},
                {"kind": "keep_leaders", "size": 1.0},
            ]
        }
    ),
    seed=1,
)
answered.advance()
for name, world in (("as it was", sim), ("calls answered, leaders stay", answered)):
    places = world.state.places
    print(f"{name}: {100 * places['serving'].sum() / places['start'].sum():.0f} % serve")

# %%
answered.story(int(left[10])).ending

# %% [markdown]
# One pair is one draw of luck. Twelve say how often it helps; in the dashboard (`standfast serve`) the class can
# watch both worlds side by side.

# %%
base = sf.run("garrison", replicates=12, seed=1, progress=False)
base.plot.verdicts()

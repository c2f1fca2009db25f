# %% [markdown]
# # For a wargame designer: who is still there this turn?
#
# A run is a game that can be advanced turn by turn, looked into, changed and branched.

# %%
import standfast as sf

game = sf.Simulation("garrison", seed=7)
for turn in range(4):
    game.advance("24 h")
    places = game.state.places
    share = places["serving"].sum() / places["start"].sum()
    print(f"turn {turn + 1}, hour {game.hour:g}: {100 * share:.1f} % serve")

# %% [markdown]
# An umpire's ruling is an event or a measure, put in as it would stand in a scenario file. What does not fit is
# refused with what to write instead.

# %%
try:
    game.inject(kind="order", place="citty", order="stand")
except sf.ScenarioError as error:
    print(error.render())

# %% [markdown]
# Branch here, let one world go on as it is, and in the other keep the commanders with their troops:

# %%
other = game.branch()
other.inject(kind="keep_leaders", size=1.0)
game.advance()
other.advance()
for name, world in (("as it is", game), ("commanders stay", other)):
    places = world.state.places
    share = places["serving"].sum() / places["start"].sum()
    print(f"{name}: {world.state.verdict}, {100 * share:.0f} % serve")

# %% [markdown]
# Who is still there, unit by unit, is a table; a saved game goes on with equal bytes.

# %%
print(other.state.units.head(3).to_string())
other.save("game.run")
again = sf.Simulation.load("game.run")
print(again.state.places["serving"].equals(other.state.places["serving"]))

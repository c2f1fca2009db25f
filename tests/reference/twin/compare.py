"""Run engine and twin side by side, and say where they first differ."""

from __future__ import annotations

import math

import numpy as np

from standfast.engine.compile import compile_plan
from standfast.engine.record import Record
from standfast.engine.run import Run
from standfast.scenario.vocabulary import LOG_KINDS, STATUS, TERMS
from twin.run import TwinRun
from twin.words import HIDING

#: relative to the size of what is compared; single precision keeps about 6e-8
TOLERANCE = 2e-6

FRIENDS = ("phone_gone", "kin_gone")
STORED = ("fear", "credibility", "trust", "belief", "resolve", "suspicion", "perceived")
PLACE_NUMBERS = (
    "defence", "attack", "fighters", "intensity", "scripted", "weak_hours", "siege_hours",
    "wait_hours", "supply_km", "hold", "inmates", "allies", "volunteers", "volunteers_called",
    "refugees", "public_factor", "infiltration", "campaign", "chance_message", "chance_targeted",
    "chance_mole", "chance_neighbour", "chance_harm", "hearsay", "chance_killed", "chance_fire",
    "leak", "leaving_safety", "answer", "call_delay", "verified", "guard", "leaders_kept",
    "leave_cancelled", "evacuation_gain", "amnesty", "control", "contact", "halted", "calls_open",
    "calls_answered", "calls_unanswered",
)  # fmt: skip


def first_difference(scenario, seed, replicate, *, twin_run=TwinRun, **options):
    """Return where a run of the engine and one of the twin first differ, or None.

    Parameters
    ----------
    scenario
        What to simulate.
    seed, replicate
        Of the run.
    twin_run
        The twin, or a wrong twin.
    """
    plan = compile_plan(scenario, seed)
    run, twin = Run(plan, replicate), twin_run(plan, replicate, **options)
    record = Record(plan)
    n_row = 0
    for step in range(plan.n_step + 1):
        if step:
            run.advance()
            twin.advance()
        found = next(differences(run.arrays, twin.world), None)
        if found:
            return f"after step {step}: {found}"
        if step % plan.record_every == 0:
            record.write(n_row, run.arrays)
            found = next(different_rows(record, n_row, plan, twin.world), None)
            if found:
                return f"in the record after step {step}: {found}"
            n_row += 1
    return next(different_ends(record.finish(replicate, run.arrays, 0.0, 0), twin.world), None)


def differs(a, b):
    """Tell whether two numbers differ by more than single precision explains."""
    a, b = float(a), float(b)
    if a == b or (math.isnan(a) and math.isnan(b)):
        return False
    return not abs(a - b) <= TOLERANCE * max(1e-3, abs(a), abs(b))


def differences(arrays, world):
    """Yield what differs: who changed status and how, the log, then all that is felt and known."""
    yield from different_statuses(arrays, world)
    yield from different_logs(arrays, world)
    yield from different_people(arrays, world)
    yield from different_places(arrays, world)
    yield from different_units(arrays, world)


def different_statuses(arrays, world):
    for me, status in zip(world.people, arrays["agent_status"].tolist(), strict=True):
        if status != me.status:
            yield f"person {me.number} is {STATUS[status]}, the twin says {STATUS[me.status]}"


def different_logs(arrays, world):
    lines = arrays["log_lines"][: int(arrays["n_log"][0])].tolist()
    for k, (line, known) in enumerate(zip(lines, world.log, strict=False)):
        same = (LOG_KINDS[line[1]], *line[2:4]) == known[1:4]
        if not same or differs(line[0], known[0]) or differs(line[4], known[4]):
            yield f"line {k} of the log is {(line[0], LOG_KINDS[line[1]], *line[2:])}, not {known}"
    if len(lines) != len(world.log):
        yield f"the log has {len(lines)} lines, not {len(world.log)}; the twin ends {world.log[-2:]}"


def different_people(arrays, world):
    bits = [{x.slot for x in me.heard} for me in world.people]
    for me in world.people:
        i = me.number
        if me.is_ghost:
            continue
        # nobody follows or counts his friends where they do not matter
        follows = world.p.peer_phone or world.p.peer_kin
        for name in STORED + FRIENDS if follows else STORED:
            if differs(arrays[name][i], getattr(me, name)):
                yield f"{name} of person {i} is {arrays[name][i]}, not {getattr(me, name)}"
        whole = {
            "exposed": int(me.exposed),
            "family": me.family,
            "announced": me.announced,
            "pieces": me.pieces,
            "friends_gone": me.friends_gone if world.p.belief_of_friend else 0,
            "harm_near": me.harm_near,
            "departure_step": me.departure_step,
            "heard": sum(1 << slot for slot in bits[i]),
            "heard_new": sum(1 << x.slot for x in me.heard_new),
            "spreading": sum(1 << x.slot for x in me.spreading),
        }
        for name, known in whole.items():
            if arrays[name][i] != known:
                yield f"{name} of person {i} is {arrays[name][i]}, not {known}"


def different_places(arrays, world):
    for place in world.places:
        q = place.number
        for name in PLACE_NUMBERS:
            if name in ("answer", "call_delay") and not world.is_on("M13"):
                continue  # nobody calls
            if differs(arrays[name][q], getattr(place, name)):
                yield f"{name} of place {q} is {arrays[name][q]}, not {getattr(place, name)}"
        lost = math.nan if place.lost_hour is None else place.lost_hour
        if differs(arrays["lost_hour"][q], lost):
            yield f"place {q} was lost at {arrays['lost_hour'][q]}, not {lost}"
        if differs(arrays["place_gone"][q], place.gone):
            yield f"memory of place {q} is {arrays['place_gone'][q]}, not {place.gone}"
    if differs(arrays["loot"][0], world.loot):
        yield f"loot is {arrays['loot'][0]}, not {world.loot}"
    for k, column in enumerate(world.columns):
        men = 0.0 if column is None else column.men
        if differs(arrays["column_men"][k], men):
            yield f"column {k} has {arrays['column_men'][k]}, not {men}"


def different_units(arrays, world):
    for k, squad in enumerate(world.squads):
        for name, known in (("squad_gone", squad.gone), ("squad_fear", squad.fear)):
            if differs(arrays[name][k], known):
                yield f"{name} of squad {k} is {arrays[name][k]}, not {known}"
    for c in world.companies:
        for name in ("gone", "fear", "order", "stand", "call_up", "trust_hit", "belief_shift"):
            engine = arrays[f"company_{name}"][c.number]
            if differs(engine, getattr(c, name)):
                yield f"{name} of company {c.number} is {engine}, not {getattr(c, name)}"
    for b in world.battalions:
        whole = {
            "place": b.place.number,
            "hq": b.has_commanders,
            "routed": b.is_routed,
            "dissolved": b.is_dissolved,
            "reserve": b.is_reserve,
            "duty": b.duty,
        }
        for name, known in whole.items():
            if arrays[f"battalion_{name}"][b.number] != known:
                yield f"{name} of battalion {b.number} is not {known}"
        arrives = -1.0 if b.arrives is None else b.arrives
        if differs(arrays["battalion_eta"][b.number], arrives):
            yield f"battalion {b.number} arrives {arrays['battalion_eta'][b.number]}, not {arrives}"


def different_rows(record, row, plan, world):
    """Yield what differs in a row of the record: counts, readings of places and of battalions."""
    count = np.zeros_like(record.count[row])
    for me in world.people:
        count[me.origin.number, me.branch, me.status] += 1
    if (count != record.count[row]).any():
        yield "counts"
    for place in world.places:
        duty = max(1, place.duty)
        mean = {
            "present": place.duty,
            "trust": place.trust / duty,
            "fear": place.afraid / duty,
            "belief": place.hopeful / duty,
            "wavering": place.wavering / duty,
        }
        for name, series in record.readings.items():
            known = mean[name] if name in mean else getattr(place, name)
            if differs(series[row, place.number], known):
                yield f"{name} of place {place.number}: {series[row, place.number]}, not {known}"
    hour = plan.hours[row]
    if hour % 6 == 0:
        at = record.unit_hours.tolist().index(hour)
        for b in world.battalions:
            known = {
                "unit_serving": b.duty,
                "unit_trust": b.mean("trust"),
                "unit_fear": b.mean("afraid"),
            }
            for name, value in known.items():
                if differs(record.unit_readings[name][at, b.number], value):
                    yield f"{name} of battalion {b.number} is not {value}"


def different_ends(recording, world):
    """Yield what differs in the accounts of a whole run."""
    departures = np.zeros_like(recording.departures)
    for (place, branch, home, status), n in world.departures.items():
        departures[place, branch, home, status - HIDING] = n
    if (departures != recording.departures).any():
        yield "departures"
    if (recording.departed[-1] != departures.sum(axis=(0, 3))).any():
        yield "departures by hour at the end"
    cause = np.zeros_like(recording.cause)
    for (place, branch, term), shares in world.cause.items():
        cause[place, branch, TERMS.index(term)] = math.fsum(shares)
    if not np.allclose(cause, recording.cause, rtol=1e-5, atol=1e-9):
        yield "causes"
    if recording.resolute_departures != world.resolute:
        yield f"{recording.resolute_departures} resolute departures, not {world.resolute}"
    start = np.zeros_like(recording.start_count)
    for me in world.people:
        if not me.is_ghost:
            start[me.origin.number, me.branch, me.home_kind] += 1
    if (start != recording.start_count).any():
        yield "people at the start"

"""What chosen agents hear, fear and decide, written down hour by hour.

A witness stands beside the pass over agents (the phase `agents` of the schedule): it notes what has
reached those it follows before the pass, and what they made of it after. It writes nothing that the run
reads, so that a run with witnesses has the same bytes as one without. The terms of the pressure to
leave are worked out by the rules that the pass itself uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import proxy

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import kernel
from standfast.kernels.comrades import friends_pressure, peer_pressure
from standfast.kernels.decision import leaving_probability, punishment
from standfast.kernels.draws import DECIDE, block
from standfast.kernels.family import threat
from standfast.kernels.leaving import fill_terms
from standfast.kernels.mathematics import logistic_by_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from standfast.engine.run import Run

#: one hour of one agent
ROW = np.dtype(
    [
        ("step", "i4"),
        ("agent", "i4"),
        # before: what has reached him, and what his unit and place are like
        ("was", "u1"),
        ("was_exposed", "u1"),
        ("was_family", "u1"),
        ("place", "i4"),
        ("home_control", "i1"),
        ("in_contact", "u1"),
        ("assault", "f8"),
        ("routed", "u1"),
        ("heard", "u1"),
        ("friends_left", "i4"),
        ("harmed_near", "i4"),
        ("relief", "u1"),
        ("call_lost", "f8"),
        ("call_kept", "f8"),
        ("order", "f8"),
        ("stand", "f8"),
        ("call_up", "f8"),
        ("squad_gone", "f8"),
        ("company_gone", "f8"),
        ("phone_gone", "f8"),
        ("kin_gone", "f8"),
        ("safety", "f8"),
        ("place_gone", "f8"),
        ("fire", "f8"),
        ("killed", "f8"),
        # after: what he made of it
        ("status", "u1"),
        ("exposed", "u1"),
        ("family", "u1"),
        ("harmed", "u1"),
        ("message", "u1"),
        ("under_fire", "u1"),
        ("squad_left", "i4"),
        ("fear", "f8"),
        ("trust", "f8"),
        ("belief", "f8"),
        ("resolve", "f8"),
        ("suspicion", "f8"),
        ("credibility", "f8"),
        ("perceived", "f8"),
        ("threat", "f8"),
        ("terms", "f8", (status.N_TERM,)),
        ("commitment", "f8"),
        ("deterrence", "f8"),
        ("pressure", "f8"),
        ("chance", "f8"),
        ("draw", "f8"),
        # what each slot of news was about in that hour
        ("news_kind", "i1", (status.N_SLOT,)),
        ("news_place", "i2", (status.N_SLOT,)),
    ]
)
#: what `message` says
NO_MESSAGE, BROADCAST, WITH_ONES_NAME = range(3)
#: what an agent does not hear of, whatever others say
LEAST_WEIGHT = 0.05


class Witness:
    """Follows chosen agents of a run.

    Parameters
    ----------
    agents
        Indices of the agents.

    Attributes
    ----------
    since : int or None
        First step that was watched; None before the first.
    """

    def __init__(self, agents: Sequence[int]) -> None:
        self.agents = np.array(sorted(set(agents)), dtype=np.int64)
        self._rows: list[NDArray[np.void]] = []

    @property
    def since(self) -> int | None:
        """First step that was watched."""
        return int(self._rows[0]["step"][0]) if self._rows else None

    def of(self, agent: int) -> NDArray[np.void]:
        """Return every hour of one agent."""
        if not self._rows:
            return np.empty(0, dtype=ROW)
        at = int(np.searchsorted(self.agents, agent))
        return np.array([row[at] for row in self._rows], dtype=ROW)

    def copy(self) -> Witness:
        """Return a witness that goes on separately."""
        other = Witness(self.agents.tolist())
        other._rows = list(self._rows)
        return other

    def attach(self, run: Run) -> None:
        """Stand beside the pass over agents of a run."""
        run.calls = [
            (name, self._beside(run, kernel_) if name == "agents" else kernel_, values, varying)
            for name, kernel_, values, varying in run.calls
        ]

    def _beside(self, run: Run, advance: Callable[..., int]) -> Callable[..., int]:
        # the run holds us: two that held each other would outlive their last use
        its_run = proxy(run)

        def watched(*values: Any) -> int:
            row = self._before(its_run)
            done = advance(*values)
            self._after(its_run, row)
            self._rows.append(row)
            return done

        return watched

    def _before(self, run: Run) -> NDArray[np.void]:
        a, people, who = run.arrays, run.plan.people, self.agents
        row = np.zeros(who.size, dtype=ROW)
        squad = people.squad[who]
        company = people.squad_company[squad]
        battalion = people.company_battalion[company]
        post = a["battalion_place"][battalion]
        home = people.home[who]
        row["step"], row["agent"] = run.step, who
        row["was"], row["was_exposed"] = a["agent_status"][who], a["exposed"][who]
        row["was_family"], row["place"] = a["family"][who], post
        row["home_control"] = a["control"][home]
        row["in_contact"] = a["contact"][post]
        row["assault"] = np.where(a["contact"][post] != 0, a["intensity"][post], 0.0)
        row["routed"] = a["battalion_routed"][battalion]
        row["heard"] = self._news(a, who, post, home)
        row["friends_left"], row["harmed_near"] = a["friends_gone"][who], a["harm_near"][who]
        row["relief"] = a["company_relief"][company]
        row["call_lost"], row["call_kept"] = (
            a["company_trust_hit"][company],
            a["company_trust_gain"][company],
        )
        row["order"], row["stand"] = a["company_order"][company], a["company_stand"][company]
        row["call_up"] = a["company_call_up"][company]
        row["squad_gone"], row["company_gone"] = a["squad_gone"][squad], a["company_gone"][company]
        row["phone_gone"], row["kin_gone"] = a["phone_gone"][who], a["kin_gone"][who]
        row["safety"], row["place_gone"] = a["leaving_safety"][post], a["place_gone"][post]
        row["fire"] = np.where(a["contact"][post] != 0, a["chance_fire"][post], 0.0)
        row["killed"] = a["chance_killed"][post]
        row["news_kind"], row["news_place"] = a["news_kind"], a["news_place"]
        return row

    @staticmethod
    def _news(a: Any, who: Any, post: Any, home: Any) -> NDArray[np.uint8]:
        """Return the pieces of news that are new to each and concern him, as bits."""
        serves = a["agent_status"][who] <= status.LEAVE
        new = np.where(serves, a["heard_new"][who] & ~a["heard"][who], 0).astype(np.uint8)
        for slot in range(status.N_SLOT):
            concerns = a["news_weight"][slot][post, home] >= LEAST_WEIGHT
            new &= np.where(concerns, 255, 255 ^ (1 << slot)).astype(np.uint8)
        return new

    def _after(self, run: Run, row: NDArray[np.void]) -> None:
        a, people, who = run.arrays, run.plan.people, self.agents
        row["status"], row["exposed"] = a["agent_status"][who], a["exposed"][who]
        row["family"] = a["family"][who]
        row["harmed"] = a["happened"][who] & status.HARMED != 0
        gone = people.squad[a["happened"] & status.LEFT != 0]
        row["squad_left"] = [(gone == squad).sum() for squad in people.squad[who]]
        for name in ("fear", "trust", "resolve", "suspicion", "credibility", "perceived"):
            row[name] = a[name][who]
        company = people.squad_company[people.squad[who]]
        weigh(
            a["behaviour"],
            row["agent"],
            run.step,
            *run.key,
            people.home[who],
            a["squad_cohesion"][people.squad[who]],
            a["company_belief_start"][company],
            a["encirclement"],
            a["chance_message"],
            a["chance_targeted"],
            a["commitment"][who],
            a["legitimacy"][who],
            a["belief"][who],
            row,
        )


@kernel
def weigh(
    behaviour: Any,
    who: Any,
    step: int,
    key0: int,
    key1: int,
    home: Any,
    cohesion: Any,
    belief_start: Any,
    encirclement: Any,
    chance_message: Any,
    chance_targeted: Any,
    commitment: Any,
    legitimacy: Any,
    belief: Any,
    row: Any,
) -> int:
    """Work out the pressure to leave of each agent followed, term by term (E13), and the draw.

    Parameters
    ----------
    row : (n,) `ROW`
        *Overwritten*: threat, terms, commitment, deterrence, pressure, chance, draw, message and
        under_fire. The chance is NaN for those who do not serve. In an hour under fire, or of harm at
        home, fear counts as it is after that, which the decision of that hour did not know yet.

    Returns
    -------
    int
        How many serve.
    """
    p = behaviour[0]
    asked = 0
    for k in range(who.size):
        r = row[k]
        u_decide, u_message, _, u_fire = block(key0, key1, who[k], step, DECIDE)
        now = r.was
        on_duty = now == status.DUTY
        r.draw = u_decide
        hope, calm = logistic_by_table(belief[k]), logistic_by_table(belief_start[k])
        r.belief = hope
        r.threat = threat(
            r.credibility, r.perceived, p.reach[r.home_control], r.family, p.reach_moved
        )
        r.chance = np.nan
        if now > status.LEAVE:
            continue
        asked += 1
        spot = r.place if on_duty else home[k]
        targeted = max(chance_targeted[spot], chance_targeted[home[k]]) if r.was_exposed else 0.0
        if u_message < targeted:
            r.message = WITH_ONES_NAME
        elif u_message < targeted + chance_message[spot]:
            r.message = BROADCAST
        r.under_fire = on_duty and u_fire < r.fire
        peers = peer_pressure(
            r.squad_gone, r.company_gone, cohesion[k], p.peer_squad, p.peer_company, p.peer_norm
        )
        friends = friends_pressure(r.phone_gone, r.kin_gone, p.peer_phone, p.peer_kin)
        safety = p.weight_leaving_safety * (
            2.0 * r.safety - 1.0 - encirclement[r.place] * r.assault
        )
        terms = r.terms
        fill_terms(
            terms,
            p,
            r.fear,
            r.threat,
            hope,
            calm,
            r.trust,
            r.suspicion,
            r.resolve,
            peers,
            friends,
            r.order,
            r.stand,
            r.call_up,
            safety,
            on_duty,
        )
        terms[status.TERM_BASE] = 0.0 if on_duty else p.leave_pull
        r.commitment = commitment[k]
        state_reaches_him = on_duty or r.home_control != status.ADVERSARY
        r.deterrence = (
            legitimacy[k] * punishment(p.weight_punishment, r.place_gone, p.punishment_capacity)
            if state_reaches_him
            else 0.0
        )
        total = -r.commitment - r.deterrence
        for term in range(status.N_TERM):
            total += terms[term]
        r.pressure = total
        r.chance = leaving_probability(total, p.sharpness, p.rate_max, p.dt)
    return asked

"""The decision to leave (E13, E16). M20 M23 M24 M25 M26, and the weights of all terms."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Number, Rate, Share, parameter


class Decision(Part):
    """Random-utility hazard of leaving: h = rate_max * logistic(U)."""

    rate_max: Rate = parameter(
        "0.16666666666666666 / h",
        low="0 / h",
        high="100 / h",
        mechanisms="M27",
        source="sets the unit of time (verification V22)",
        grade="B",
        doc="Hazard of somebody entirely decided to leave.",
    )
    commitment: Number = parameter(
        9.4,
        low=-20,
        high=40,
        mechanisms="M23",
        prior="uniform(8.3, 11.3)",
        grade="C",
        source="quiet losses of 1-4 % a month (ANA 2011, Iraqi army 2005-07)",
        doc="Mean commitment a: at 0 pressure the hazard is rate_max * logistic(-a).",
    )
    commitment_federal_police: Number = parameter(
        -2.5,
        low=-10,
        high=10,
        mechanisms="M26",
        off=0.0,
        doc="Commitment of federal police relative to the army.",
    )
    commitment_local_police: Number = parameter(
        -0.5,
        low=-10,
        high=10,
        mechanisms="M26",
        off=0.0,
        doc="Commitment of local police relative to the army.",
    )
    commitment_militia: Number = parameter(
        1.5,
        low=-10,
        high=10,
        mechanisms="M39",
        off=0.0,
        prior="uniform(0, 3)",
        doc="Commitment of militias and volunteers relative to the army.",
    )
    commitment_of_service: Number = parameter(
        0.05,
        low=0,
        high=1,
        mechanisms="M23",
        off=0.0,
        source="source article P8",
        grade="C",
        doc="Relative gain in commitment per year of service over five, at most five years' worth.",
    )
    commitment_of_volunteers: Number = parameter(
        0.4,
        low=0,
        high=10,
        mechanisms="M23",
        off=0.0,
        grade="C",
        source="McLauchlin 2015",
        doc="Commitment of volunteers above that of conscripts.",
    )
    commitment_of_quality: Number = parameter(
        2.0,
        low=0,
        high=10,
        mechanisms="M16",
        off=0.0,
        doc="Commitment gained from none to full training and supply, zero at one half.",
    )
    home_defence: Number = parameter(
        1.9,
        low=0,
        high=10,
        mechanisms="M39",
        off=0.0,
        prior="uniform(0, 2.5)",
        doc="Commitment gained where people defend the home region of their own group (E21).",
    )
    weight_fear: Number = parameter(
        4.7,
        low=0,
        high=30,
        mechanisms="M06",
        off=0.0,
        prior="uniform(3, 7)",
        grade="B",
        source="Albrecht and Koehler 2018: fear triggers",
        doc="Weight theta_F of fear.",
    )
    weight_family: Number = parameter(
        2.2,
        low=0,
        high=30,
        mechanisms="M09",
        off=0.0,
        prior="uniform(0.5, 4)",
        doc="Weight theta_V of the threat to the family.",
    )
    weight_belief: Number = parameter(
        4.0,
        low=0,
        high=30,
        mechanisms="M24",
        off=0.0,
        prior="uniform(1, 4)",
        doc="Weight theta_B of the belief that the force will not hold.",
    )
    weight_trust: Number = parameter(
        3.4,
        low=0,
        high=30,
        mechanisms="M14 M16",
        off=0.0,
        prior="uniform(1, 4)",
        doc="Weight theta_T of trust lost.",
    )
    weight_resolve: Number = parameter(
        1.5,
        low=0,
        high=30,
        mechanisms="M23",
        off=0.0,
        prior="uniform(0.5, 3)",
        doc="Weight theta_R of resolve.",
    )
    weight_suspicion: Number = parameter(
        1.0,
        low=0,
        high=30,
        mechanisms="M03 M18",
        off=0.0,
        prior="uniform(0, 2)",
        doc="Weight theta_Q of suspicion.",
    )
    weight_order: Number = parameter(
        2.7,
        low=0,
        high=30,
        mechanisms="M17 M19",
        off=0.0,
        prior="uniform(1, 5)",
        doc="Weight theta_O of orders.",
    )
    weight_punishment: Number = parameter(
        1.0,
        low=0,
        high=30,
        mechanisms="M20",
        off=0.0,
        prior="uniform(0, 3)",
        grade="C",
        source="weak deterrence (Chen, First World War executions)",
        doc="Weight pi_0 of the state's punishment for leaving.",
    )
    punishment_capacity: Share = parameter(
        0.1,
        low=0.0001,
        high=1,
        mechanisms="M20",
        prior="uniform(0.02, 0.3)",
        doc="Share of a garrison leaving at which punishment is swamped (falls to 1/e).",
    )
    weight_leaving_safety: Number = parameter(
        1.0,
        low=0,
        high=30,
        mechanisms="M28 M29",
        off=0.0,
        doc="Weight of how safe leaving is believed to be.",
    )
    spread: Number = parameter(
        1.0,
        low=1e-9,
        high=100,
        mechanisms="M23",
        source="sets the unit of pressure; random utility, Brock and Durlauf 2001",
        grade="B",
        doc="Spread sigma of what is not known of a decision: hazard rate_max * logistic(U / sigma); "
        "towards 0 a sharp threshold.",
    )
    wavering_pressure: Number = parameter(
        -5.9,
        low=-20,
        high=20,
        mechanisms="M25",
        source="model specification E16",
        doc="Net pressure above which somebody counts as wavering.",
    )
    cross_pressure: Number = parameter(
        0.58,
        low=0,
        high=10,
        mechanisms="M25",
        off=0.0,
        source="source article P22",
        grade="C",
        doc="Extra pressure when determination, distrust and family fear are all high at once.",
    )

"""A model of a whole run in plain Python: slow, obvious, and written from the equations.

Nothing of the engine is used but scenario types and what the people and their ties are. Every
name on paper is an object; a step goes through the schedule person by person, squad by squad,
place by place. What the engine stores in single precision is rounded to it here as well, so that
both decide alike; everything else is double precision, and sums are exact (`math.fsum`), so that
the order in which people are visited cannot matter.
"""

from __future__ import annotations

from standfast.geography.canvas import Canvas
from standfast.geography.sketch import draw_sketch, symbol_of
from standfast.scenario.load import load_scenario


def test_dots_of_one_character():
    expected = {(0, 0): "⠁", (1, 0): "⠈", (0, 3): "⡀", (1, 3): "⢀", (0, 1): "⠂", (1, 2): "⠠"}
    for (x, y), character in expected.items():
        canvas = Canvas(1, 1)
        canvas.dot(x, y)
        assert canvas.text() == character


def test_lines_join_their_ends_and_are_cut_at_the_edge():
    canvas = Canvas(4, 2)
    canvas.line(0, 0, 7, 7)
    assert canvas.text() == "⠑⢄  \n  ⠑⢄"
    canvas = Canvas(2, 1)
    canvas.line(-1000, 0, 1000, 0)
    assert canvas.text() == "⠉⠉"
    canvas.line(-5, 9, -1, 12)
    assert canvas.text() == "⠉⠉"


def mosul_sketch(width=100, height=40):
    scenario = load_scenario("mosul-2014")
    strength = dict.fromkeys(scenario.places, 0.0)
    for force in scenario.forces.values():
        strength[force.place] += force.paper * 0.5
    return scenario, draw_sketch(scenario, strength, width=width, height=height)


def where(sketch, title):
    for row, line in enumerate("".join(c.character for c in cells) for cells in sketch.rows):
        if title in line:
            return row, line.index(title)
    return None


def test_north_is_up_and_east_is_right():
    _, sketch = mosul_sketch()
    assert where(sketch, "Dohuk")[0] < where(sketch, "Samarra")[0] < where(sketch, "Basra")[0]
    assert where(sketch, "Rutba")[1] < where(sketch, "Baghdad")[1] < where(sketch, "Amara")[1]


def test_every_place_is_named_or_said_to_be_unnamed():
    scenario, sketch = mosul_sketch()
    for name, place in scenario.places.items():
        assert (where(sketch, place.title) is None) == (name in sketch.unnamed), name
    assert len(sketch.unnamed) <= 4
    assert "mosul" not in sketch.unnamed


def test_a_small_map_keeps_its_size_and_names_the_strongest():
    _, sketch = mosul_sketch(width=40, height=14)
    assert len(sketch.rows) <= 14
    assert {len(row) for row in sketch.rows} == {40}
    assert where(sketch, "Baghdad")
    assert sketch.unnamed


def test_outlines_are_drawn_where_there_are_some():
    _, sketch = mosul_sketch()
    assert any(cell.kind == "outline" for row in sketch.rows for cell in row)
    sea = draw_sketch(load_scenario("garrison"), {}, width=60, height=20)
    assert not any(cell.kind == "outline" for row in sea.rows for cell in row)


def test_a_column_is_as_wide_as_it_says():
    _, sketch = mosul_sketch()
    symbols = {
        title: (row, column - 2)
        for title in ("Rutba", "Basra")
        for row, column in [where(sketch, title)]
    }
    across = symbols["Basra"][1] - symbols["Rutba"][1]
    # 7.4946 degrees of longitude at the middle latitude of 33.7 degrees
    assert abs(across * sketch.kilometres - 7.4946 * 111.19 * 0.832) < 2 * sketch.kilometres


def test_symbols_tell_control_and_strength():
    places = load_scenario("mosul-2014").places
    mosul = places["mosul"]
    assert [symbol_of(mosul, n).character for n in (5000, 4999, 1000, 999)] == list("●••∙")
    assert symbol_of(places["erbil"], 0).character == "◇"
    assert symbol_of(places["fallujah"], 9999).kind == "adversary"
    contested = mosul.model_copy(update={"control": "contested"})
    assert symbol_of(contested, 9999) == ("◐", "contested")


def test_places_in_one_spot_and_a_single_place_can_be_drawn():
    garrison = load_scenario("garrison")
    city = garrison.places["city"]
    heap = garrison.model_copy(
        update={"places": dict.fromkeys(garrison.places, city), "roads": garrison.roads}
    )
    assert "The city" in draw_sketch(heap, {}, width=30, height=10).text()
    alone = garrison.model_copy(update={"places": {"city": city}, "roads": ()})
    assert "The city" in draw_sketch(alone, {}, width=30, height=10).text()

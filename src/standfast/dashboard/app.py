"""The addresses of the server: pages, data, and what may be asked for.

GET never changes anything. What is asked for by POST either answers at once or starts a job, whose
progress every open page is told.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from standfast.dashboard import drafts
from standfast.dashboard.commands import python_of
from standfast.dashboard.guard import Guard
from standfast.dashboard.pairs import are_paired, who_stayed
from standfast.dashboard.questions import fields_to_vary
from standfast.dashboard.shelf import read_page
from standfast.errors import RunError, ScenarioError, StandfastError
from standfast.results.verdict import VERDICTS
from standfast.scenario.dump import dump_yaml
from standfast.scenario.load import list_library, load_scenario
from standfast.scenario.schema import scenario_schema
from standfast.validation.credibility import card, in_a_sentence

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from standfast.dashboard.desk import Desk
    from standfast.dashboard.guard import App

#: file of the page -> what it is
ASSETS = {
    "index.html": "text/html; charset=utf-8",
    "dashboard.js": "text/javascript; charset=utf-8",
    "dashboard.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
#: seconds between looks at whether something changed, and between signs of life
LOOK_EVERY, ALIVE_EVERY = 0.1, 10.0
#: built-in case that somebody who has chosen nothing is offered
FIRST_CASE = "garrison"


def build_app(desk: Desk, *, port: int, token: str) -> App:
    """Return the application, guarded.

    Parameters
    ----------
    desk
        What it shows.
    port, token
        See `standfast.dashboard.guard.Guard`.
    """
    from starlette.applications import Starlette  # noqa: PLC0415 - an extra
    from starlette.routing import Route  # noqa: PLC0415

    answers = Answers(desk)
    routes = [
        Route("/", answers.page),
        Route("/{name}", answers.asset),
        Route("/api/hello", answers.hello),
        Route("/api/desk", answers.desk),
        Route("/api/changes", answers.changes),
        Route("/api/results", answers.results),
        Route("/api/results/{number:int}", answers.result),
        Route("/api/results/{number:int}/page", answers.report),
        Route("/api/scenarios/{name}", answers.scenario),
        Route("/api/schema", answers.schema),
        Route("/api/check", answers.check, methods=["POST"]),
        Route("/api/questions", answers.ask, methods=["POST"]),
        Route("/api/questions/check", answers.check_question, methods=["POST"]),
        Route("/api/worlds", answers.open, methods=["POST"]),
        Route("/api/ensembles", answers.ensemble, methods=["POST"]),
        Route("/api/worlds/{number:int}/ground", answers.ground),
        Route("/api/worlds/{number:int}/frames", answers.frames),
        Route("/api/worlds/{number:int}/squads", answers.squads),
        Route("/api/worlds/{number:int}/stayed", answers.stayed),
        Route("/api/worlds/{number:int}/scenario", answers.yaml),
        Route("/api/worlds/{number:int}/command", answers.command),
        Route("/api/worlds/{number:int}/{verb}", answers.do, methods=["POST"]),
        Route("/api/jobs/{number:int}", answers.job),
        Route("/api/jobs/{number:int}/cancel", answers.cancel, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={StandfastError: _told, KeyError: _told})
    return Guard(app, port=port, token=token)


class Answers:
    """What each address answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._changing: dict[str, Callable[[int, dict[str, Any]], Any]] = {
            "advance": desk.advance,
            "inject": desk.inject,
            "branch": desk.branch,
            "story": desk.story,
            "pairs": desk.pair,
            "close": lambda number, _: desk.close_world(number),
        }

    async def page(self, request: Request) -> Response:
        """Answer with the page itself; it holds nothing, and asks for everything with the token."""
        del request
        return _asset("index.html")

    async def asset(self, request: Request) -> Response:
        """Answer with a file of the page."""
        return _asset(request.path_params["name"])

    def hello(self, request: Request) -> Response:
        """Answer what a page asks first: what can be opened and done."""
        del request
        return _json(
            {
                "version": version("standfast"),
                "library": describe_library(),
                "cards": drafts.cards(),
                "kinds": drafts.kinds(),
                "fields": fields_to_vary(),
                "verdicts": VERDICTS,
                "folders": [folder.name for folder in self._desk.shelf.folders],
                "credibility": {
                    "says": in_a_sentence(),
                    "factors": [asdict(factor) for factor in card()],
                },
            }
        )

    def desk(self, request: Request) -> Response:
        """Worlds and jobs as they stand."""
        del request
        return _json(self._desk.describe())

    async def changes(self, request: Request) -> Response:
        """Worlds and jobs whenever they change, as server-sent events."""
        from starlette.responses import StreamingResponse  # noqa: PLC0415 - an extra

        return StreamingResponse(self._follow(request), media_type="text/event-stream")

    async def _follow(self, request: Request) -> AsyncIterator[str]:
        seen, quiet = -1, 0.0
        while not await request.is_disconnected():
            if self._desk.version != seen:
                seen, quiet = self._desk.version, 0.0
                described = await asyncio.to_thread(self._desk.describe)
                yield f"event: desk\ndata: {json.dumps(described)}\n\n"
            elif quiet >= ALIVE_EVERY:
                quiet = 0.0
                yield ": here\n\n"
            await asyncio.sleep(LOOK_EVERY)
            quiet += LOOK_EVERY

    def results(self, request: Request) -> Response:
        """List what was saved, and the scenario files beside it."""
        del request
        shelf = self._desk.shelf
        return _json(
            {
                "results": [entry.describe() for entry in shelf.entries()],
                "files": [
                    {"id": number, "name": path.name} for number, path in shelf.scenarios().items()
                ],
            }
        )

    def result(self, request: Request) -> Response:
        """One saved result or answer, ready to be drawn."""
        entry = self._desk.shelf.find(request.path_params["number"])
        return _gone() if entry is None else _json(self._desk.shelf.read(entry))

    def report(self, request: Request) -> Response:
        """Answer with the page that lies beside a saved result or answer."""
        entry = self._desk.shelf.find(request.path_params["number"])
        return _gone() if entry is None else _text(read_page(entry), kind=ASSETS["index.html"])

    def scenario(self, request: Request) -> Response:
        """Answer with a built-in scenario as plain data for a form."""
        name = request.path_params["name"]
        if name not in list_library():
            return _text("There is no such scenario.", status=404)
        return _json({"name": name, "document": drafts.document_of(load_scenario(name))})

    def schema(self, request: Request) -> Response:
        """Answer with the JSON Schema of scenarios."""
        del request
        return _json(scenario_schema())

    async def check(self, request: Request) -> Response:
        """Everything that is wrong with a draft, or the draft as YAML; changes nothing."""
        asked = await _asked(request)
        found = await asyncio.to_thread(
            drafts.check_draft, asked.get("document"), _name(asked.get("base"))
        )
        return _json(found)

    async def check_question(self, request: Request) -> Response:
        """Everything that is wrong with a question, or its command line; changes nothing."""
        asked = await _asked(request)
        return _json(await asyncio.to_thread(self._desk.check, asked))

    async def ask(self, request: Request) -> Response:
        """Put a question."""
        return await self._start(request, self._desk.ask)

    async def open(self, request: Request) -> Response:
        """Start a world."""
        return await self._start(request, self._desk.open)

    async def ensemble(self, request: Request) -> Response:
        """Start an ensemble."""
        return await self._start(request, self._desk.ensemble)

    async def _start(self, request: Request, begin: Callable[[dict[str, Any]], Any]) -> Response:
        asked = await _asked(request)
        asked["base"] = _name(asked.get("base"))
        job = await asyncio.to_thread(begin, asked)
        return _json({"job": job.number})

    def ground(self, request: Request) -> Response:
        """Answer what of a world does not change with the hour."""
        return _json(self._world(request).ground.describe())

    def frames(self, request: Request) -> Response:
        """Answer with a world's hours from one on."""
        return _json(self._world(request).frames(_query(request, "from")))

    def squads(self, request: Request) -> Response:
        """Answer with the squads of a company after a step."""
        world = self._world(request)
        return _json(world.squads(_query(request, "company"), _query(request, "step")))

    def stayed(self, request: Request) -> Response:
        """Who serves in another world at an hour, and not in this one."""
        world, other = self._world(request), self._desk.world(_query(request, "with"))
        if not are_paired(world, other):
            return _text("These two worlds do not have the same people.", status=409)
        return _json(who_stayed(world, other, float(_query(request, "hour"))))

    def yaml(self, request: Request) -> Response:
        """Answer with a world's scenario with what was injected."""
        world = self._world(request)
        with world.lock:
            scenario = world.sim.to_scenario()
        return _text(dump_yaml(scenario), kind="application/yaml; charset=utf-8")

    def command(self, request: Request) -> Response:
        """Answer with the lines that make a world again."""
        world = self._world(request)
        with world.lock:
            return _json({"python": python_of(world)})

    async def do(self, request: Request) -> Response:
        """Change a world."""
        verb = self._changing.get(request.path_params["verb"])
        if verb is None:
            return _text("A world cannot do that.", status=404)
        asked = await _asked(request)
        found = await asyncio.to_thread(verb, request.path_params["number"], asked)
        if isinstance(found, dict):
            return _json({"added": found})
        return _json({"job": found.number} if found is not None else {})

    def job(self, request: Request) -> Response:
        """Answer with a job and its result."""
        job = self._desk.jobs.get(request.path_params["number"])
        if job is None:
            return _text("This work is not known any more.", status=404)
        return _json({**job.describe(), "result": job.result})

    async def cancel(self, request: Request) -> Response:
        """Ask a job to stop."""
        self._desk.jobs.cancel(request.path_params["number"])
        return _json({})

    def _world(self, request: Request) -> Any:  # noqa: ANN401 - a World
        return self._desk.world(request.path_params["number"])


@cache
def describe_library() -> list[dict[str, Any]]:
    """Return what a page shows of every built-in scenario; reading them takes a second, once.

    The case for learning comes first: it is what a page offers to somebody who has chosen nothing.
    """
    names = sorted(list_library(), key=lambda name: (name != FIRST_CASE, name))
    library = [(name, load_scenario(name)) for name in names]
    return [
        {
            "name": name,
            "title": scenario.title,
            "summary": scenario.summary,
            "people": sum(force.paper for force in scenario.forces.values()),
        }
        for name, scenario in library
    ]


async def _asked(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        says = "what was sent is no JSON object"
        raise RunError(says)
    return found


def _name(value: object) -> str | None:
    """Return the name of a built-in scenario, and never that of a file."""
    return value if isinstance(value, str) and value in list_library() else None


def _query(request: Request, name: str) -> int:
    try:
        return max(0, int(float(request.query_params.get(name, "0"))))
    except (ValueError, OverflowError):
        says = f"{name} is not a number"
        raise RunError(says) from None


async def _told(request: Request, error: Exception) -> Response:
    """Tell a page what was wrong with what it asked, in the words of the error."""
    del request
    if isinstance(error, ScenarioError):
        problems = drafts.problems_of(error)
        return _json({"error": error.says, "problems": problems}, status=422)
    text = error.render() if isinstance(error, StandfastError) else "Something was not given."
    return _json({"error": text.partition(": ")[2] or text}, status=409)


def _asset(name: str) -> Response:
    kind = ASSETS.get(name)
    if kind is None:
        return _text("There is no such page.", status=404)
    content = files("standfast.dashboard").joinpath("static", name).read_bytes()
    return _text(content, kind=kind)


def _json(data: object, status: int = 200) -> Response:
    from starlette.responses import JSONResponse  # noqa: PLC0415 - an extra

    return JSONResponse(data, status_code=status)


def _gone() -> Response:
    return _text("This result is not there any more.", status=404)


def _text(
    content: str | bytes, *, status: int = 200, kind: str = "text/plain; charset=utf-8"
) -> Response:
    from starlette.responses import Response as Plain  # noqa: PLC0415 - an extra

    return Plain(content, status_code=status, headers={"content-type": kind})

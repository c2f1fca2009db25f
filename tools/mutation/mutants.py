"""Small faults planted in functions: which there are, and how to put one in place.

A mutant is the code of one function with one thing changed, as a hand might slip: a sum for a
difference, a branch always or never taken, a statement left out, a number half as large again.
Boundaries of comparisons (< for <=) are not among them: at continuous quantities nobody can tell.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import CodeType

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
EXTREMES = {"min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One fault: in which function and line, what it does, and the code that has it."""

    module: str
    function: str
    line: int
    says: str
    code: CodeType

    @property
    def name(self) -> str:
        """Where it is, for a table."""
        return f"{self.module}.{self.function}:{self.line}"


def mutants_of(path: Path, module: str) -> Iterator[Mutant]:
    """Yield every mutant of the functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            for position, node in enumerate(ast.walk(function)):
                for says, change in faults(node):
                    code = _compiled(tree, function, position, change, str(path))
                    line = getattr(node, "lineno", function.lineno)
                    yield Mutant(module, function.name, line, says, code)


def faults(node: ast.AST) -> Iterator[tuple[str, Callable[..., None]]]:
    """Yield what can be wrong at a node: its description, and how to change a copy of it."""
    if isinstance(node, ast.If):
        for always in (True, False):
            yield f"if {ast.unparse(node.test)}: taken as {always}", _set_test(always)
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in SWAPPED:
        yield f"{_symbol(node)} swapped in {ast.unparse(node)}", _swap_op
    elif isinstance(node, ast.BoolOp):
        yield f"and / or swapped in {ast.unparse(node)}", _swap_op
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield f"negated {ast.unparse(node)}", _negate
    elif isinstance(node, ast.IfExp):
        yield f"branches swapped in {ast.unparse(node)}", _swap_branches
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield f"{node.value} changed", _change_number
    elif (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EXTREMES
    ):
        yield f"{node.func.id} swapped in {ast.unparse(node)}", _swap_extreme
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Continue, ast.Break)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield f"left out: {ast.unparse(node)}", _leave_out


def _compiled(
    tree: ast.Module,
    function: ast.FunctionDef,
    position: int,
    change: Callable[..., None],
    file: str,
) -> CodeType:
    """Return the code of a copy of the function, changed at the node of that position."""
    whole = copy.deepcopy(function)
    node = next(x for n, x in enumerate(ast.walk(whole)) if n == position)
    change(whole, node)
    whole.decorator_list = []
    imports = [x for x in tree.body if isinstance(x, ast.ImportFrom) and x.module == "__future__"]
    module = ast.Module(body=[*imports, whole], type_ignores=[])
    ast.fix_missing_locations(module)
    outer = compile(module, file, "exec", dont_inherit=True)
    return next(x for x in outer.co_consts if hasattr(x, "co_name") and x.co_name == function.name)


def _symbol(node: ast.BinOp | ast.AugAssign) -> str:
    return type(node.op).__name__


def _set_test(value: bool) -> Callable[..., None]:  # noqa: FBT001  the value that a test is given
    def change(whole: ast.AST, node: ast.If) -> None:
        del whole
        node.test = ast.Constant(value)

    return change


def _swap_op(whole: ast.AST, node: ast.BinOp) -> None:
    del whole
    node.op = SWAPPED[type(node.op)]()  # type: ignore[assignment]  of the same kind


def _negate(whole: ast.AST, node: ast.Compare) -> None:
    del whole
    node.ops = [SWAPPED[type(op)]() for op in node.ops]  # type: ignore[misc]


def _swap_branches(whole: ast.AST, node: ast.IfExp) -> None:
    del whole
    node.body, node.orelse = node.orelse, node.body


def _change_number(whole: ast.AST, node: ast.Constant) -> None:
    del whole
    value = node.value
    if isinstance(value, bool):
        node.value = not value
    elif isinstance(value, int):
        node.value = value + 1
    elif isinstance(value, float):
        node.value = value * 1.5 if value else 1.0


def _swap_extreme(whole: ast.AST, node: ast.Call) -> None:
    del whole
    if isinstance(node.func, ast.Name):
        node.func.id = EXTREMES[node.func.id]


def _leave_out(whole: ast.AST, node: ast.stmt) -> None:
    for parent in ast.walk(whole):
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(parent, field, None)
            if isinstance(statements, list) and node in statements:
                statements[statements.index(node)] = ast.copy_location(ast.Pass(), node)

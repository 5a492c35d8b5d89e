"""Making mutants of a module: one small change of its syntax tree each. Standard library only."""

from __future__ import annotations

import ast
import contextlib
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType

_COMPARISONS = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """One change within one function: ``code`` is that of the changed function, ``function`` its qualified name."""

    file: str
    line: int
    what: str
    function: str
    code: CodeType


@contextlib.contextmanager
def put_in(mutant: Mutant, module: ModuleType) -> Iterator[None]:
    """``module`` with ``mutant`` in place, for as long as this lasts."""
    function = _function(module, mutant.function)
    original = function.__code__
    function.__code__ = mutant.code
    try:
        yield
    finally:
        function.__code__ = original


def _function(module: ModuleType, name: str) -> FunctionType:
    found = module
    for part in name.split("."):
        found = found.__dict__[part]
    for attribute in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, attribute, found)
    return found


def mutants_of(file: str, source: str) -> Iterator[Mutant]:
    """Every mutant of the functions in ``source``; what only runs when the module is imported is left alone."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        node.number = number
    functions = list(_functions(tree))
    for name, function in functions:
        for node in _own_nodes(function):
            for what, change in _changes(node):
                mutated = copy.deepcopy(tree)
                target = next(found for found in ast.walk(mutated) if getattr(found, "number", None) == node.number)
                change(target)
                ast.fix_missing_locations(mutated)
                try:
                    code = compile(mutated, file, "exec", dont_inherit=True)
                except (SyntaxError, ValueError):
                    continue
                yield Mutant(file, node.lineno, what, name, _code_of(code, name))


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield f"{prefix}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    for statement in function.body:
        yield from (node for node in ast.walk(statement) if hasattr(node, "lineno") or hasattr(node, "number"))


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    """What can be changed about ``node``: a description, and a function that changes the same node of a copy."""
    if hasattr(node, "lineno"):
        for kinds, changes in _CHANGES:
            if isinstance(node, kinds):
                yield from changes(node)


def _of_comparison(node: ast.Compare) -> Iterator[tuple[str, object]]:
    for position, operator in enumerate(node.ops):
        other = _COMPARISONS[type(operator)]
        yield f"{type(operator).__name__} → {other.__name__}", _setter("ops", position, other)


def _of_and_or(node: ast.BoolOp) -> Iterator[tuple[str, object]]:
    other = ast.Or if isinstance(node.op, ast.And) else ast.And
    yield f"{type(node.op).__name__} → {other.__name__}", lambda found: setattr(found, "op", other())
    for position in range(len(node.values)):
        yield f"part {position + 1} left out", _without(position)


def _of_not(node: ast.UnaryOp) -> Iterator[tuple[str, object]]:
    if isinstance(node.op, ast.Not):
        yield "not left out", _unnegate


def _of_condition(_node: ast.AST) -> Iterator[tuple[str, object]]:
    yield "condition negated", _negate


def _of_constant(node: ast.Constant) -> Iterator[tuple[str, object]]:
    if isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", lambda found: setattr(found, "value", not found.value)
    elif isinstance(node.value, int):
        yield f"{node.value} → {node.value + 1}", lambda found: setattr(found, "value", found.value + 1)


def _of_return(node: ast.Return) -> Iterator[tuple[str, object]]:
    if node.value is not None and not _is_falsy(node.value):
        yield "returns nothing", lambda found: setattr(found, "value", ast.Constant(None))


def _of_raise(_node: ast.Raise) -> Iterator[tuple[str, object]]:
    yield "does not raise", _nothing_instead


def _of_call(node: ast.Expr) -> Iterator[tuple[str, object]]:
    if isinstance(node.value, ast.Call):
        yield "call left out", _nothing_instead


_CHANGES = (
    (ast.Compare, _of_comparison),
    (ast.BoolOp, _of_and_or),
    (ast.UnaryOp, _of_not),
    ((ast.If, ast.IfExp, ast.While), _of_condition),
    (ast.Constant, _of_constant),
    (ast.Return, _of_return),
    (ast.Raise, _of_raise),
    (ast.Expr, _of_call),
)


def _setter(name: str, position: int, kind: type):
    def change(node: ast.AST) -> None:
        getattr(node, name)[position] = kind()

    return change


def _without(position: int):
    def change(node: ast.BoolOp) -> None:
        del node.values[position]
        if len(node.values) == 1:
            # "and" of one value is no syntax: with itself, it is the same
            node.values.append(copy.deepcopy(node.values[0]))

    return change


def _unnegate(node: ast.UnaryOp) -> None:
    # bool(x) for not x
    node.op = ast.Not()
    node.operand = ast.UnaryOp(op=ast.Not(), operand=node.operand)


def _negate(node: ast.If | ast.IfExp | ast.While) -> None:
    node.test = ast.UnaryOp(op=ast.Not(), operand=node.test)


def _nothing_instead(node: ast.stmt) -> None:
    """Turn a statement, in its place, into one that does nothing."""
    line, column = node.lineno, node.col_offset
    node.__class__ = ast.Expr
    node.__dict__.clear()
    node.__dict__.update(value=ast.Constant(None), lineno=line, col_offset=column)


def _is_falsy(node: ast.AST) -> bool:
    """Whether returning nothing instead would hardly be another program."""
    return isinstance(node, ast.Constant) and not node.value


def _code_of(code: CodeType, name: str) -> CodeType:
    for part in name.split("."):
        code = next(item for item in code.co_consts if isinstance(item, CodeType) and item.co_name == part)
    return code

"""Reading the source of the acts: what writes, by which power, in which transaction, and whether it is journalled.

Nothing is run. A call is followed by its name, as far as it is a function of the house.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
Name = tuple[str, str]
"""A module and a function in it."""

WRITES = {
    "save",
    "create",
    "acreate",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "update",
    "set_password",
}
OF_QUERIES = {"update", "delete", "create"}
"""These are also what dictionaries, sets and other things do: they count on a query only."""
QUERY = (".objects", ".filter(", ".exclude(", ".all()", ".select_for_update(")
WRITING_SQL = ("INSERT ", "UPDATE ", "DELETE ")
REQUIRES = {
    ("plenum.access.reach", name) for name in ("require", "require_in_person", "OutOfReach", "NotInPerson")
}
RECORDS = {("plenum.journal.actions", name) for name in ("record", "record_many")}
OWN_OF_THE_JOURNAL = RECORDS | {("plenum.journal.actions", "hold_chains")}
TREE = "plenum.tree.ledger"


@dataclass
class Module:
    """One file: its functions by name and what its imported names stand for."""

    name: str
    functions: dict[str, Function] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """All modules by name."""

    modules: Mapping[str, Module]

    def called(self, module: str, call: ast.Call) -> Name | None:
        """The function of the house that a call names, if it is one."""
        here = self.modules[module]
        match call.func:
            case ast.Name(id=name):
                if name in here.functions:
                    return module, name
                return self.stands_for(here.imported.get(name, ""))
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                return self.stands_for(f"{here.imported.get(owner, '')}.{name}")
        return None

    def stands_for(self, path: str) -> Name | None:
        """The function behind a dotted path, through the modules that only pass it on."""
        module, _dot, name = path.rpartition(".")
        if module not in self.modules:
            return (module, name) if (module, name) in REQUIRES else None
        found = self.modules[module]
        if name in found.functions or (module, name) in REQUIRES:
            return module, name
        passed_on = found.imported.get(name, path)  # a package that imports its own module names it like that
        return self.stands_for(passed_on) if passed_on != path else None

    def function(self, name: Name) -> Function | None:
        module = self.modules.get(name[0])
        return module.functions.get(name[1]) if module else None

    def reached(self, start: Name) -> set[Name]:
        """A function and everything that it calls, however far."""
        seen: set[Name] = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            function = self.function(name)
            if name not in seen and function is not None:
                waiting += [each for call in calls(function) if (each := self.called(name[0], call))]
            seen.add(name)
        return seen

    def writes(self, start: Name) -> bool:
        """Whether a function, or one that it calls, changes the database."""
        reached = self.reached(start)
        return any(
            name[0] == TREE
            or (
                (function := self.function(name)) is not None
                and any(is_write(call) for call in calls(function))
            )
            for name in reached
        )

    def faults(self, act: Name) -> list[str]:
        """What an act lacks: the day and the actor by name, a power, the journal, one transaction."""
        function = self.function(act)
        assert function is not None
        faults = []
        by_name = {
            argument.arg
            for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
            if default is None
        }
        faults += [f"does not take {name} by name" for name in ("on", "by") if name not in by_name]
        reached = self.reached(act)
        if not reached & REQUIRES:
            faults.append("requires no power")
        if not reached & RECORDS:
            faults.append("does not write the journal")
        if self.loose_ends(act):
            faults.append("writes outside of one transaction")
        return faults

    def loose_ends(self, act: Name) -> list[int]:
        """Lines of an act that write outside its transaction.

        An act may also hand everything to one other act, which then has the transaction.
        """
        function = self.function(act)
        assert function is not None
        if any(self.is_transaction(act[0], decorator) for decorator in function.decorator_list):
            return []
        handed_on: list[int] = []
        loose: list[int] = []
        for call, in_loop in self._outside(act[0], function, in_loop=False):
            target = self.called(act[0], call)
            if is_write(call):
                loose.append(call.lineno)
            elif target and self.writes(target):
                whole = (
                    self.function(target) is not None and target[0] != TREE and not self.loose_ends(target)
                )
                (handed_on if whole and not in_loop else loose).append(call.lineno)
        return loose + (handed_on if loose or len(handed_on) > 1 else [])

    def is_transaction(self, module: str, node: ast.expr) -> bool:
        """Whether an expression opens a transaction: Django's own, or a context of the house that does."""
        if "transaction.atomic" in ast.unparse(node):
            return True
        name = self.called(module, node) if isinstance(node, ast.Call) else None
        function = self.function(name) if name else None
        return (
            function is not None
            and any("contextmanager" in ast.unparse(decorator) for decorator in function.decorator_list)
            and any("transaction.atomic" in ast.unparse(item) for item in opened(function))
        )

    def _outside(self, module: str, node: ast.AST, *, in_loop: bool) -> Iterator[tuple[ast.Call, bool]]:
        """The calls below a node that stand in no transaction, and whether they are repeated."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.With) and any(
                self.is_transaction(module, item.context_expr) for item in child.items
            ):
                continue
            if isinstance(child, ast.Call):
                yield child, in_loop
            repeats = isinstance(
                child, ast.For | ast.While | ast.comprehension | ast.ListComp | ast.GeneratorExp
            )
            yield from self._outside(module, child, in_loop=in_loop or repeats)


def calls(node: ast.AST) -> list[ast.Call]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Call)]


def opened(function: Function) -> list[ast.expr]:
    """What the `with` statements of a function open."""
    return [
        item.context_expr for each in ast.walk(function) if isinstance(each, ast.With) for item in each.items
    ]


def is_write(call: ast.Call) -> bool:
    """Whether a call changes the database by itself."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name, owner = call.func.attr, ast.unparse(call.func.value)
    if name == "execute":
        return any(word in ast.unparse(call).upper() for word in WRITING_SQL)
    if name == "delete" and not call.args and not call.keywords:
        return True
    if name == "save" and call.args:
        return False  # a file is saved somewhere; a row is just saved
    return name in WRITES and (name not in OF_QUERIES or any(part in f"{owner}." for part in QUERY))


@cache
def source(package: Path) -> Source:
    """The modules of a package, without tests and migrations."""
    texts = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if not {"tests", "migrations"} & set(parts):
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            texts[name] = path.read_text(encoding="utf-8")
    return read(texts)


def read(texts: Mapping[str, str]) -> Source:
    """The modules with these names and texts."""
    modules = {}
    for name, text in texts.items():
        tree = ast.parse(text)
        module = Module(name)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    module.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        module.functions = {
            node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        modules[name] = module
    return Source(modules)


def in_actions(name: str) -> bool:
    """Whether a module is, or is in, the `actions` of a room."""
    return "actions" in name.split(".")


def acts(house: Source) -> set[Name]:
    """Every public function of `actions` that writes and is offered: imported, passed on or called from outside."""
    offered: set[Name] = set()
    for name, module in house.modules.items():
        named = {house.stands_for(path) for path in module.imported.values()}
        if not in_actions(name):
            for function in module.functions.values():
                named |= {house.called(name, call) for call in calls(function)}
        offered |= {
            each for each in named if each and (name == room_of(each[0]) or room_of(name) != room_of(each[0]))
        }
    return {
        act
        for act in offered
        if in_actions(act[0])
        and not act[1].startswith("_")
        and act not in OWN_OF_THE_JOURNAL
        and house.writes(act)
    }


def room_of(module: str) -> str:
    """The `actions` that a module belongs to: itself or the folder it is in; the module's own name elsewhere."""
    before, found, _after = module.partition(".actions")
    return before + found

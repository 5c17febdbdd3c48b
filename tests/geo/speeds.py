"""Both speeds of a module that is compiled: the same lines, imported and interpreted, given the same arguments."""

import importlib
from array import array
from copy import deepcopy
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


def compiled(name: str) -> ModuleType:
    """The module as it is imported; the test is skipped where that is not an extension."""
    module = importlib.import_module(name)
    if not (module.__file__ or "").endswith(tuple(EXTENSION_SUFFIXES)):
        pytest.skip("the extensions are not built")
    return module


@cache
def interpreted(name: str) -> ModuleType:
    """The module from its source, under another name, and not among those imported."""
    package = importlib.import_module(name.rpartition(".")[0])
    assert package.__file__ is not None
    path = Path(package.__file__).with_name(name.rpartition(".")[2] + ".py")
    spec = spec_from_file_location(f"{name}__interpreted", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def same_at_both_speeds(name: str, function: str, *arguments: object) -> object:
    """Calls it at either speed, with copies of the arguments; what it returns and what it writes must be equal."""
    outcomes = []
    for module in (compiled(name), interpreted(name)):
        given = [deepcopy(argument) if isinstance(argument, array) else argument for argument in arguments]
        outcomes.append((getattr(module, function)(*given), given))
    assert outcomes[0] == outcomes[1]
    return outcomes[0][0]

"""Annotations as contracts: what `krait run --contracts` tests while a program runs.

The interpreter asks once for each place and keeps the answer: `contract_of(function)` is a tuple with one test for each
register of a parameter (None: anything goes) and the test of the result at its end, `test_of_text` and `test_of_attribute`
give those of variables and attributes. A test is a tuple whose first item says what it is; the interpreter runs it. Where a
test fails it calls one of the `report` functions. None of them raises into the program.
"""

import _contract_tests
import annotationlib
import collections
import collections.abc
import sys
import types
import typing

INSTANCE, UNION, ELEMENTS, MAPPING, TUPLE, VARIADIC, LITERAL, TYPED_DICT, CALLABLE, CLASS, TYPE_IS = range(11)
DEPTH = 12

_seen = set()
_declared = {}  # by class and attribute: the type that a method declares, and where


def _test(hint, depth=DEPTH):
    """The test of a type, or None when every value passes."""
    if depth == 0 or hint is typing.Any or hint is object:
        return None
    if hint is None or hint is type(None):
        return (INSTANCE, type(None))
    if hint is float:
        return (INSTANCE, (float, int))
    if hint is complex:
        return (INSTANCE, (complex, float, int))
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        return _class_test(hint, depth)
    if isinstance(hint, typing.TypeVar):
        if hint.__constraints__:
            return _union(hint.__constraints__, depth)
        return _test(hint.__bound__, depth - 1) if hint.__bound__ is not None else None
    if isinstance(hint, typing.NewType):
        return _test(hint.__supertype__, depth - 1)
    if isinstance(hint, typing.TypeAliasType):
        return _test(hint.__value__, depth - 1)
    if hint is typing.LiteralString:
        return (INSTANCE, str)
    if hint is typing.Callable or hint is collections.abc.Callable:
        return (CALLABLE,)
    return _generic_test(hint, typing.get_origin(hint), typing.get_args(hint), depth)


def _class_test(cls, depth):
    if typing.is_typeddict(cls):
        hints = typing.get_type_hints(cls)
        keys = {name: (_test(hint, depth - 1), name in cls.__required_keys__) for name, hint in hints.items()}
        return (TYPED_DICT, keys)
    if getattr(cls, "_is_protocol", False) and not getattr(cls, "_is_runtime_protocol", False):
        return None
    if cls is collections.abc.Callable:
        return (CALLABLE,)
    return (INSTANCE, cls)


def _union(members, depth):
    tests = [_test(member, depth - 1) for member in members]
    return None if None in tests else (UNION, tuple(tests))


def _generic_test(hint, origin, arguments, depth):
    if origin is None:
        return None
    if origin is typing.Union or origin is types.UnionType:
        return _union(arguments, depth)
    if origin is typing.Literal:
        return (LITERAL, arguments)
    if origin in (typing.Annotated, typing.Final, typing.ClassVar, typing.Required, typing.NotRequired, typing.ReadOnly):
        return _test(arguments[0], depth - 1)
    if origin in (typing.TypeGuard, typing.TypeIs):
        return (TYPE_IS, _test(arguments[0], depth - 1), origin is typing.TypeIs)
    if origin is collections.abc.Callable:
        return (CALLABLE,)
    if origin is type:
        wanted = arguments[0]
        return (CLASS, wanted) if isinstance(wanted, type) else (INSTANCE, type)
    if isinstance(origin, typing.TypeAliasType):
        return _test(origin.__value__, depth - 1)
    if not isinstance(origin, type):
        return None
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is ...:
            return (VARIADIC, _test(arguments[0], depth - 1))
        if any(typing.get_origin(item) is typing.Unpack or isinstance(item, typing.TypeVarTuple) for item in arguments):
            return (INSTANCE, tuple)
        return (TUPLE, tuple(_test(item, depth - 1) for item in arguments if item != ()))
    if typing.is_typeddict(origin) or getattr(origin, "_is_protocol", False):
        return _class_test(origin, depth)
    if issubclass(origin, collections.abc.Mapping) and len(arguments) == 2:
        return (MAPPING, origin, _test(arguments[0], depth - 1), _test(arguments[1], depth - 1))
    holds_items = issubclass(origin, (list, set, frozenset, collections.deque)) or origin in (
        collections.abc.Sequence, collections.abc.MutableSequence, collections.abc.Collection, collections.abc.Set,
        collections.abc.MutableSet, collections.abc.Iterable, collections.abc.Container, collections.abc.Reversible)
    if holds_items and len(arguments) == 1:
        return (ELEMENTS, origin, _test(arguments[0], depth - 1))
    return (INSTANCE, origin)


def contract_of(function):
    """The tests of a function's parameters and result; None when its annotations cannot be read."""
    try:
        return _function_tests(function, typing.get_type_hints(function, include_extras=True))
    except Exception:
        return None


def _function_tests(function, hints):
    code = function.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    names = list(code.co_varnames[:count])
    tests = [_test(hints[name]) if name in hints else None for name in names]
    for flag, kind in ((0x04, VARIADIC), (0x08, MAPPING)):
        if not code.co_flags & flag:
            continue
        name = code.co_varnames[len(tests)]
        inner = _test(hints[name]) if name in hints and typing.get_origin(hints[name]) is not typing.Unpack else None
        tests.append(None if inner is None else (VARIADIC, inner) if kind == VARIADIC else (MAPPING, dict, None, inner))
    tests.append(_test(hints["return"]) if "return" in hints else None)
    return tuple(tests) if any(test is not None for test in tests) else None


def _type_of_text(text, frame):
    hint = eval(text, frame.f_globals, frame.f_locals)
    return eval(hint, frame.f_globals, frame.f_locals) if isinstance(hint, str) else hint


def test_of_text(text):
    """The test of a variable whose annotation is this text in the frame that runs."""
    try:
        return _test(_type_of_text(text, sys._getframe(1)))
    except Exception:
        return None


def test_of_attribute(cls, name):
    """The test of what is stored to an attribute that a class's body declares; `x: int` is the declaration in a method."""
    try:
        name, _, text = name.partition(": ")
        if text and _owner(cls, name) is None:
            frame = sys._getframe(1)
            _declared[cls, name] = (_type_of_text(text, frame), frame.f_code.co_filename, frame.f_lineno)
        hint = _attribute_type(cls, name)
        return None if hint is None else _test(hint)
    except Exception:
        return None


def _owner(cls, name):
    """The class whose body declares an attribute."""
    for base in cls.__mro__:
        if name in annotationlib.get_annotations(base, format=annotationlib.Format.FORWARDREF):
            return base
    return None


def _declaration(cls, name):
    """What a method declares: the type, the file and the line."""
    return next((_declared[base, name] for base in cls.__mro__ if (base, name) in _declared), None)


def _attribute_type(cls, name):
    base = _owner(cls, name)
    if base is None:
        declaration = _declaration(cls, name)
        return declaration and declaration[0]
    # A descriptor decides by itself what it takes.
    if hasattr(type(base.__dict__.get(name)), "__set__") and not isinstance(base.__dict__[name], types.MemberDescriptorType):
        return None
    return typing.get_type_hints(base, include_extras=True)[name]


def show_type(hint):
    """A type as the checker writes it."""
    if hint is None or hint is type(None):
        return "None"
    if hint is typing.Any:
        return "Any"
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union or origin is types.UnionType:
        return " | ".join(show_type(item) for item in arguments)
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if origin is typing.Annotated:
        return show_type(arguments[0])
    if origin is collections.abc.Callable:
        parameters = "..." if arguments[:1] == (...,) else f"[{', '.join(map(show_type, arguments[0]))}]"
        return f"Callable[{parameters}, {show_type(arguments[-1])}]"
    if origin is not None:
        inner = ", ".join("..." if item is ... else show_type(item) for item in arguments)
        return f"{getattr(origin, '__name__', origin)}[{inner}]"
    return getattr(hint, "__name__", str(hint))


def show_value(value, depth=3):
    """The type of a value as the checker writes it, with what its first items are."""
    if value is None:
        return "None"
    cls = type(value)
    if isinstance(value, type):
        return f"type[{value.__name__}]"
    if depth and cls is tuple:
        return f"tuple[{', '.join(show_value(item, depth - 1) for item in value)}]" if value else "tuple[()]"
    if depth and cls in (list, set, frozenset) and value:
        inner = dict.fromkeys(show_value(item, depth - 1) for item in list(value)[:20])
        return f"{cls.__name__}[{' | '.join(inner)}]"
    if depth and cls is dict and value:
        keys = dict.fromkeys(show_value(key, depth - 1) for key in list(value)[:20])
        values = dict.fromkeys(show_value(item, depth - 1) for item in list(value.values())[:20])
        return f"dict[{' | '.join(keys)}, {' | '.join(values)}]"
    return cls.__name__


def _say(text):
    out = sys.__stderr__
    if out is not None:
        out.write(text + "\n")


def _result_text(value, hint):
    if typing.get_origin(hint) in (typing.TypeGuard, typing.TypeIs) and isinstance(value, bool):
        return f'"{value}" is returned for a value that {"does not have" if value else "has"} the type of "{show_type(hint)}"'
    return f'Incompatible return value type (got "{show_value(value)}", expected "{show_type(hint)}")'


def report(function, index, value):
    """A value that breaks a contract; `index` is the parameter's position, or -1 for the result. Said once for a place."""
    code = function.__code__
    hints = typing.get_type_hints(function, include_extras=True)
    caller = sys._getframe(1)
    here = caller.f_code is code
    if index < 0:
        line, path = caller.f_lineno, code.co_filename
        text = f'{_result_text(value, hints["return"])}  [return-value]'
        note = "The return type is declared here"
    else:
        name = code.co_varnames[index]
        outer = caller.f_back if here else caller
        line, path = (outer.f_lineno, outer.f_code.co_filename) if outer is not None else (code.co_firstlineno, code.co_filename)
        owner, _, own_name = function.__qualname__.rpartition(".<locals>.")[2].rpartition(".")
        label = f'"{own_name}" of "{owner}"' if owner else f'"{own_name}"'
        # The object itself is no argument of a method's call.
        number = index + 1 - (owner != "" and code.co_varnames[0] in ("self", "cls"))
        named = f"Argument {number}" if index < code.co_argcount else f'Argument "{name}"'
        if index >= code.co_argcount + code.co_kwonlyargcount:
            items = value.values() if isinstance(value, dict) else value
            shown = " | ".join(dict.fromkeys(map(show_value, items)))
        else:
            shown = show_value(value)
        text = f'{named} to {label} has incompatible type "{shown}"; expected "{show_type(hints[name])}"  [arg-type]'
        note = f'"{name}" is declared here'
    _report(path, line, text, (code.co_filename, code.co_firstlineno, note))


def _report(path, line, text, declaration=None):
    if (path, line, text) in _seen:
        return
    _seen.add((path, line, text))
    _say(f"{path}:{line}: error: {text}")
    if declaration is not None:
        _say(f"{declaration[0]}:{declaration[1]}: note: {declaration[2]}")


def _report_assignment(value, hint, caller, declaration=None):
    text = f'Incompatible types in assignment (expression has type "{show_value(value)}", variable has type "{show_type(hint)}")'
    _report(caller.f_code.co_filename, caller.f_lineno, text + "  [assignment]", declaration)


def report_variable(text, _, value):
    """A variable's value that breaks its annotation."""
    caller = sys._getframe(1)
    _report_assignment(value, _type_of_text(text, caller), caller)


def report_attribute(cls, name, value):
    """A value stored to an attribute that is declared otherwise."""
    caller = sys._getframe(1)
    while caller.f_code.co_filename.startswith("<") and caller.f_back is not None:
        caller = caller.f_back  # a dataclass's own __init__
    name = name.partition(": ")[0]
    owner = _owner(cls, name)
    if owner is None:
        _, path, line = _declaration(cls, name)
        owner = cls
    else:
        module = sys.modules.get(owner.__module__)
        path, line = getattr(module, "__file__", None) or caller.f_code.co_filename, getattr(owner, "__firstlineno__", 1)
    declaration = (path, line, f'"{name}" of "{owner.__name__}" is declared here')
    _report_assignment(value, _attribute_type(cls, name), caller, declaration)


def _cast(typ, val):
    """`typing.cast` that looks at the value."""
    caller = sys._getframe(1)
    try:
        hint = _type_of_text(typ, caller) if isinstance(typ, str) else typ
        test = _test(hint)
        is_right = test is None or _contract_tests.passes(test, val)
    except Exception:
        return val
    if not is_right:
        text = f'Cast to "{show_type(hint)}" of a value of type "{show_value(val)}"  [cast]'
        _report(caller.f_code.co_filename, caller.f_lineno, text)
    return val


def compile_anew(library):
    """Modules outside of the library are compiled anew, with the tests: their caches hold code without them."""
    import importlib._bootstrap_external as external

    cache_from_source = external.cache_from_source

    def library_only(path, *arguments, **named):
        if not path.startswith(library):
            raise NotImplementedError("code with contracts is not kept")
        return cache_from_source(path, *arguments, **named)

    external.cache_from_source = library_only


def install(library):
    """What a program needs before it runs with contracts."""
    compile_anew(library)
    _cast.__name__ = _cast.__qualname__ = "cast"
    _cast.__module__ = "typing"
    typing.cast = _cast


def violations():
    """How many were said."""
    return len(_seen)

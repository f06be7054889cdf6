"""Run under CPython 3.14: the `ast` of each file in the listing named in argv, in the form of `krait dump ast`."""
import ast
import sys

OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "MatMult": "@", "Div": "/", "Mod": "%", "Pow": "**", "LShift": "<<", "RShift": ">>",
    "BitOr": "|", "BitXor": "^", "BitAnd": "&", "FloorDiv": "//", "Invert": "~", "Not": "not", "UAdd": "+", "USub": "-",
    "And": "and", "Or": "or", "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is",
    "IsNot": "is not", "In": "in", "NotIn": "not in",
}
KINDS = {
    "AsyncFunctionDef": "FunctionDef", "AsyncFor": "For", "AsyncWith": "With", "TryStar": "Try", "Expr": "ExprStmt",
    "alias": "Alias", "withitem": "WithItem", "comprehension": "Comprehension", "keyword": "Keyword",
    "match_case": "MatchCase",
}
# CPython's field: ours, in our order, where they differ.
FIELDS = {
    "FunctionDef": ["decorator_list:decorators", "name", "type_params:typeParams", "args:params", "returns", "body"],
    "ClassDef": ["decorator_list:decorators", "name", "type_params:typeParams", "+bases+keywords:args", "body"],
    "Call": ["func", "+args+keywords:args"],
    "Lambda": ["args:params", "body"],
    "IfExp": ["body", "test", "orelse"],
    "FormattedValue": ["value", "format_spec:formatSpec"],
    "Interpolation": ["value", "format_spec:formatSpec"],
    "withitem": ["context_expr:contextExpr", "optional_vars:optionalVars"],
    "TypeAlias": ["name", "type_params:typeParams", "value"],
    "TypeVar": ["name", "bound", "default_value:defaultValue"],
    "ParamSpec": ["name", "default_value:defaultValue"],
    "TypeVarTuple": ["name", "default_value:defaultValue"],
    "MatchClass": ["cls", "patterns", "kwd_attrs:kwdAttrs", "kwd_patterns:kwdPatterns"],
}
FIELDS["AsyncFunctionDef"] = FIELDS["FunctionDef"]
SCALARS = {"ops", "op", "ctx", "kind", "level", "simple", "conversion", "str", "is_async", "type_comment", "type_ignores",
           "id"}

lines = []


def quoted(text):
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    shown = bytearray(b'"')
    for byte in raw:
        if byte in b'"\\':
            shown += b"\\" + bytes([byte])
        elif byte < 0x20 or byte == 0x7F:
            shown += b"\\x%02x" % byte
        else:
            shown.append(byte)
    return (bytes(shown) + b'"').decode("utf-8", "surrogateescape")


def constant(value):
    if value is None or value is True or value is False:
        return str(value)
    if value is ...:
        return "Ellipsis"
    if isinstance(value, int):
        return f"int {value}" if value < 2**63 else "int big"
    if isinstance(value, float):
        return "float %.17g" % value
    if isinstance(value, complex):
        return "complex %.17g" % value.imag
    return ("str " if isinstance(value, str) else "bytes ") + quoted(value)


def details(node, kind):
    out = ""
    if isinstance(node, (ast.stmt, ast.expr, ast.pattern)):
        out += f" {node.lineno}:{node.col_offset}-{node.end_lineno}:{node.end_col_offset}"
    if kind in ("Constant", "MatchSingleton"):
        out += " " + constant(node.value)
    if hasattr(node, "op"):
        out += " " + OPERATORS[type(node.op).__name__]
    if hasattr(node, "ctx"):
        out += " " + type(node.ctx).__name__
    if kind.startswith("Async") or getattr(node, "is_async", 0):
        out += " isAsync"
    if kind == "TryStar":
        out += " isStar"
    if kind == "AnnAssign" and node.simple:
        out += " isSimple"
    if kind == "Name":
        out += " " + node.id
    if kind == "ImportFrom":
        out += f" level={node.level}"
    if kind == "Interpolation":
        out += f" source={quoted(node.str)}"
    if hasattr(node, "conversion"):
        out += f" conversion={node.conversion}"
    return out + "".join(" " + OPERATORS[type(op).__name__] for op in getattr(node, "ops", ()))


def add_parameters(arguments, level, label):
    lines.append("  " * level + label + "Parameters")
    positional = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    rows = [(parameter, "posonly" if i < len(arguments.posonlyargs) else "normal", defaults[i])
            for i, parameter in enumerate(positional)]
    if arguments.vararg:
        rows.append((arguments.vararg, "vararg", None))
    rows += [(parameter, "kwonly", default) for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    if arguments.kwarg:
        rows.append((arguments.kwarg, "kwarg", None))
    if rows:
        lines.append("  " * (level + 1) + "params:")
    for parameter, kind, default in rows:
        lines.append("  " * (level + 2) + "Parameter " + kind)
        add_field("name", parameter.arg, level + 3)
        add_field("annotation", parameter.annotation, level + 3)
        add_field("defaultValue", default, level + 3)


def add_field(name, value, level):
    if value is None:
        return
    if isinstance(value, list):
        if value:
            lines.append("  " * level + name + ":")
        for item in value:
            if item is None:
                lines.append("  " * (level + 1) + "none")
            else:
                add_node(item, level + 1, "")
    else:
        add_node(value, level, name + "=")


def add_node(node, level, label):
    if isinstance(node, str):
        lines.append("  " * level + label + "Identifier " + node)
        return
    if isinstance(node, ast.arguments):
        add_parameters(node, level, label)
        return
    kind = type(node).__name__
    lines.append("  " * level + label + KINDS.get(kind, kind) + details(node, kind))
    if kind in ("Constant", "MatchSingleton"):
        return
    for field in FIELDS.get(kind) or [name for name in node._fields if name not in SCALARS]:
        source, _, name = field.partition(":")
        if source.startswith("+"):
            items = [item for part in source[1:].split("+") for item in getattr(node, part)]
            add_field(name, sorted(items, key=lambda item: (item.lineno, item.col_offset)), level + 1)
        else:
            add_field(name or source, getattr(node, source), level + 1)


with open(sys.argv[1], encoding="utf-8") as listing:
    paths = listing.read().splitlines()
sys.setrecursionlimit(5000)
out = open(1, "wb", closefd=False)
for path in paths:
    with open(path, "rb") as file:
        source = file.read()
    try:
        source.decode("utf-8")
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        continue
    lines[:] = [f"### {path}", "Module"]
    add_field("body", tree.body, 1)
    out.write("\n".join(lines).encode("utf-8", "surrogateescape") + b"\n")
out.flush()

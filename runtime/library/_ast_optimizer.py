"""What ast.parse(optimize=...) and compile() with PyCF_OPTIMIZED_AST do to a tree (library reference, `ast`)."""
import ast
import copy


def optimize(tree, level):
    """The tree with what is known before it runs in place; `level` is that of the option -O."""
    return _Optimizer(level).visit(copy.deepcopy(tree))


class _Optimizer(ast.NodeTransformer):
    def __init__(self, level):
        self.level = level

    def _definition(self, node):
        body = node.body
        if self.level >= 2 and body and isinstance(body[0], ast.Expr):
            first = body[0].value
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                body[:1] = [] if len(body) > 1 else [ast.copy_location(ast.Pass(), body[0])]
        return self.generic_visit(node)

    visit_Module = visit_ClassDef = visit_FunctionDef = visit_AsyncFunctionDef = _definition

    def visit_Name(self, node):
        if node.id == "__debug__" and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.Constant(self.level == 0), node)
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Tuple):
            left = node.left
            if isinstance(left, ast.Constant) and isinstance(left.value, str):
                parts = _format_parts(left.value, node.right.elts, node)
                if parts is not None:
                    return ast.copy_location(ast.JoinedStr(parts), node)
        return node

    def visit_MatchValue(self, node):
        node.value = _folded(self.visit(node.value))
        return node

    def visit_MatchMapping(self, node):
        self.generic_visit(node)
        node.keys = [_folded(key) for key in node.keys]
        return node


def _folded(node):
    """A number of a pattern, `-1` or `1+2j`, as one constant."""
    match node:
        case ast.UnaryOp(ast.USub(), ast.Constant(value)):
            return ast.copy_location(ast.Constant(-value), node)
        case ast.BinOp(left, ast.Add() | ast.Sub() as operator, ast.Constant(imaginary)):
            real = _folded(left)
            if isinstance(real, ast.Constant):
                value = real.value + imaginary if isinstance(operator, ast.Add) else real.value - imaginary
                return ast.copy_location(ast.Constant(value), node)
    return node


def _number(text, at):
    end = at
    while end < len(text) and text[end] in "0123456789":
        end += 1
    if end - at > 3:
        raise IndexError
    return text[at:end], end


def _format_parts(text, items, where):
    """The parts of the f-string that says the same as `text % items`, or None where only `%` can say it."""
    if any(isinstance(item, ast.Starred) for item in items):
        return None
    parts, literal, used, at = [], "", 0, 0

    def finish():
        if literal:
            parts.append(ast.copy_location(ast.Constant(literal), where))

    try:
        while at < len(text):
            if text[at] != "%":
                literal += text[at]
                at += 1
                continue
            if text[at + 1] == "%":
                literal += "%"
                at += 2
                continue
            at += 1
            is_left = False
            while text[at] in "-+ #0":
                if text[at] != "-":
                    return None
                is_left = True
                at += 1
            width, at = _number(text, at)
            precision = None
            if text[at] == ".":
                precision, at = _number(text, at + 1)
            kind = text[at]
            at += 1
            if kind not in "sra" or used == len(items):
                return None
            spec = ""
            if width and not is_left:
                spec += ">"
            spec += width
            if precision is not None:
                spec += "." + (precision or "0")
            finish()
            literal = ""
            parts.append(ast.copy_location(
                ast.FormattedValue(items[used], ord(kind), ast.copy_location(ast.Constant(spec), where) if spec else None), where))
            used += 1
    except IndexError:
        return None
    if used != len(items):
        return None
    finish()
    return parts

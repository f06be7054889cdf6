"""Run under CPython 3.14 by symtable_oracle.mjs: `describe` gives the symbol table of a source text as JSON
[block type, name, nested, {symbol: flags | scope << 12}, [children...]], or "SyntaxError: ..."."""
import json
import sys

import _symtable

sys.setrecursionlimit(10000)


def entry(block):
    symbols = dict(sorted(block.symbols.items()))
    children, seen = [], set()
    for child in block.children:  # a block of annotations is listed once for each annotation
        if child.id not in seen:
            seen.add(child.id)
            children.append(entry(child))
    return [block.type, block.name, int(block.nested), symbols, children]


def describe(source, path):
    try:
        table = entry(_symtable.symtable(bytes(source.to_py()), path, "exec"))
    except SyntaxError as error:
        return "SyntaxError: " + str(error)
    return json.dumps(table, separators=(",", ":"), ensure_ascii=False)

"""Run under CPython 3.14: one line per file named in argv, the path, a tab and its symbol table as JSON
[block type, name, nested, {symbol: flags | scope << 12}, [children...]], or the exception's name."""
import json
import sys

import _symtable


def entry(block):
    symbols = dict(sorted(block.symbols.items()))
    children, seen = [], set()
    for child in block.children:  # a block of annotations is listed once for each annotation
        if child.id not in seen:
            seen.add(child.id)
            children.append(entry(child))
    return [block.type, block.name, int(block.nested), symbols, children]


with open(sys.argv[1], encoding="utf-8") as listing:
    paths = listing.read().splitlines()
sys.setrecursionlimit(10000)
for path in paths:
    with open(path, "rb") as file:
        source = file.read()
    try:
        table = json.dumps(entry(_symtable.symtable(source, path, "exec")), separators=(",", ":"), ensure_ascii=False)
    except SyntaxError as error:
        table = "SyntaxError: " + str(error)
    print(path, table, sep="\t")

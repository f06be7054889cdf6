// What CPython 3.14 says of Python files, one JSON line each.
//   node --stack-size=4000 oracle.mjs PYODIDE_FOLDER FILE_WITH_PATHS [grammar] > verdicts.jsonl
// FILE_WITH_PATHS has one path a line. With `grammar` only the parser is asked, else the whole compiler.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [root, list, mode] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.resolve(root, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: path.resolve(root) + "/" });
const verdict = python.runPython(`
import ast, json, warnings
warnings.simplefilter("ignore")

def verdict(name, data, mode):
    flags = ast.PyCF_ONLY_AST if mode == "grammar" else 0
    try:
        compile(bytes(data.to_py()), name, "exec", flags, dont_inherit=True)
        return json.dumps({"file": name, "ok": True})
    except SyntaxError as e:
        return json.dumps({"file": name, "ok": False, "class": type(e).__name__, "message": e.msg, "line": e.lineno,
                           "column": e.offset, "end_line": e.end_lineno, "end_column": e.end_offset})
    except (ValueError, RecursionError, MemoryError, OverflowError) as e:
        return json.dumps({"file": name, "ok": False, "class": type(e).__name__, "message": str(e)})
verdict
`);
for (const file of fs.readFileSync(list, "utf8").split("\n").filter(Boolean)) {
  console.log(verdict(file, new Uint8Array(fs.readFileSync(file)), mode));
}

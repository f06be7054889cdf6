// symtable_oracle.mjs PYODIDE_FOLDER LISTING: symtable_oracle.py under CPython 3.14, taken from the pinned npm package
// pyodide. LISTING names one Python file a line; prints one line for each.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [pyodideFolder, listing] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(pyodideFolder, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: pyodideFolder + "/", fullStdLib: false });
const here = path.dirname(fileURLToPath(import.meta.url));
python.runPython(fs.readFileSync(path.join(here, "symtable_oracle.py"), "utf8"));
const describe = python.globals.get("describe");
for (const file of fs.readFileSync(listing, "utf8").split("\n")) {
  if (file) fs.writeSync(1, file + "\t" + describe(new Uint8Array(fs.readFileSync(file)), file) + "\n");
}

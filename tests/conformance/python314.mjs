// CPython 3.14 for the conformance tests: the WebAssembly build in the pinned npm package pyodide.
//   node --stack-size=4000 --no-warnings tests/conformance/python314.mjs SCRIPT [ARGUMENT...]
// Runs the script with sys.argv set; it sees the machine's folders at their own paths. Exit code as Python's.
import { fileURLToPath, pathToFileURL } from "node:url";
import fs from "node:fs";
import path from "node:path";

const here = path.dirname(fileURLToPath(import.meta.url));  // Debian's node 18 has no import.meta.dirname
const root = process.env.KRAIT_NODE_MODULES ?? path.join(here, "../../node_modules");
const pyodide = path.join(root, "pyodide");
const [script, ...rest] = process.argv.slice(2);
if (script === undefined) {
  console.error("usage: python314.mjs SCRIPT [ARGUMENT...]");
  process.exit(2);
}
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: pyodide + "/", fullStdLib: true, env: { PYTHONHASHSEED: "0", HOME: "/" } });
function writeFully(descriptor, bytes) {
  for (let done = 0; done < bytes.length;) {
    try {
      done += fs.writeSync(descriptor, bytes, done);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
  return bytes.length;
}
python.setStdout({ write: (bytes) => writeFully(1, bytes), isatty: false });
python.setStderr({ write: (bytes) => writeFully(2, bytes), isatty: false });
// Folders that Python's own file system has keep theirs.
const own = new Set(["dev", "proc", "sys", "lib", "run"]);
for (const folder of fs.readdirSync("/")) {
  if (own.has(folder)) continue;
  try {
    if (!fs.statSync("/" + folder).isDirectory()) continue;
    python.FS.mkdirTree("/" + folder);
    python.FS.mount(python.FS.filesystems.NODEFS, { root: "/" + folder }, "/" + folder);
  } catch {
    // An unreadable folder stays invisible.
  }
}
python.FS.chdir(process.cwd());
const globals = python.toPy({ script: path.resolve(script), rest });
process.exitCode = python.runPython(`
import runpy, sys
sys.argv = [script, *rest]
code = 0
try:
    runpy.run_path(script, run_name="__main__")
except SystemExit as error:
    code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
sys.stdout.flush()
sys.stderr.flush()
code
`, { globals });

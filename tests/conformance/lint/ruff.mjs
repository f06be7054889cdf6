// Ruff's findings as JSON lines, from the pinned WebAssembly build, for compare.py.
//
//   node ruff.mjs --format jsonl --select CODES [--ignore CODES] [--preview] PATH...
//
// Each line has the file, the code, the message, where it begins and ends (columns in characters) and the fix. Files
// that are not UTF-8 are left out. With `--time N` the files are checked N times instead, and the CPU milliseconds of each pass are
// printed as a JSON list: the first ones are of code that is not compiled yet. With `--fix` each line has a file and its text after
// all fixes, applied as ruff does: from the front (F811 before the others), those that begin before or where an earlier one ends in the
// next round.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";

const require = createRequire(import.meta.url);
const paths = [];
let select = [];
let ignore = [];
let preview = false;
let passes = 0;
let fixes = false;
for (let i = 2; i < process.argv.length; ++i) {
  const argument = process.argv[i];
  if (argument === "--select") select = process.argv[++i].split(",");
  else if (argument === "--ignore") ignore = process.argv[++i].split(",");
  else if (argument === "--preview") preview = true;
  else if (argument === "--format") ++i;
  else if (argument === "--fix") fixes = true;
  else if (argument === "--time") passes = Number(process.argv[++i]);
  else paths.push(argument);
}

let ruff;
try {
  ruff = require("@astral-sh/ruff-wasm-nodejs");
} catch {
  console.error("@astral-sh/ruff-wasm-nodejs is not installed: run `npm ci`");
  process.exit(2);
}

const leftOut = new Set(["__pycache__", "__pypackages__", "_build", "buck-out", "dist", "node_modules", "site-packages", "venv"]);
function* pythonFiles(path) {
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (leftOut.has(name) || name.startsWith(".")) continue;
    const inner = join(path, name);
    if (statSync(inner).isDirectory() || /\.pyi?$/.test(name)) yield* pythonFiles(inner);
  }
}

const options = { preview, lint: { ...(select.length > 0 ? { select } : {}), ...(ignore.length > 0 ? { ignore } : {}) } };
if (preview) options["output-prefer-rule-codes"] = true;
const workspaces = new Map();
const importSorter = new ruff.Workspace({ lint: { select: ["I001"] } }, ruff.PositionEncoding.Utf32);
// The standard library's packages are standard everywhere; said to be one's own, they would not be. Others stand apart from them.
function isStandard(name) {
  return name !== "" && importSorter.check(`import os\n\nimport ${name}\n`).length > 0;
}
// Checks for the files of a package, or for those of none.
function workspaceOf(file) {
  let name = "";
  for (let folder = dirname(resolve(file)); existsSync(join(folder, "__init__.py")); folder = dirname(folder)) name = basename(folder);
  if (isStandard(name)) name = "";
  if (!workspaces.has(name)) {
    const lint = name ? { ...options.lint, isort: { "known-first-party": [name] } } : options.lint;
    workspaces.set(name, new ruff.Workspace({ ...options, lint }, ruff.PositionEncoding.Utf32));
  }
  return workspaces.get(name);
}
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const texts = [];
for (const file of paths.flatMap((path) => [...pythonFiles(path)])) {
  try {
    texts.push([file, decoder.decode(readFileSync(file)), workspaceOf(file)]);
  } catch {
    continue;
  }
}
if (passes > 0) {
  const times = [];
  for (let i = 0; i < passes; ++i) {
    const before = process.cpuUsage();
    for (const [, text, workspace] of texts) workspace.check(text);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  console.log(JSON.stringify(times));
}
// Offsets in UTF-16 of each line's start.
function lineStarts(text) {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}
// Columns count characters from 1.
function offsetOf(text, starts, location) {
  let offset = starts[location.row - 1] ?? text.length;
  for (let column = 1; column < location.column && offset < text.length; ++column) offset += text.codePointAt(offset) > 0xffff ? 2 : 1;
  return offset;
}
function fixOnce(text, workspace) {
  const starts = lineStarts(text);
  const found = workspace.check(text).filter((each) => each.fix && each.code !== "invalid-syntax");
  const all = found.map((each) => ({
    isRedefined: each.code === "F811",
    edits: each.fix.edits.map((edit) => ({
      begin: offsetOf(text, starts, edit.location),
      end: offsetOf(text, starts, edit.end_location),
      content: edit.content ?? "",
    })).sort((a, b) => a.begin - b.begin),
  })).filter((fix) => fix.edits.length > 0).sort((a, b) => b.isRedefined - a.isRedefined || a.edits[0].begin - b.edits[0].begin);
  let out = "";
  let last = 0;
  let count = 0;
  const applied = new Set();
  for (const { edits } of all) {
    const own = edits.filter((edit) => !applied.has(`${edit.begin}:${edit.end}:${edit.content}`));
    if (own.length === 0 || (count > 0 && own[0].begin <= last)) continue;
    ++count;
    for (const edit of own) {
      out += text.slice(last, edit.begin) + edit.content;
      last = edit.end;
      applied.add(`${edit.begin}:${edit.end}:${edit.content}`);
    }
  }
  return count > 0 ? out + text.slice(last) : text;
}
if (fixes) {
  for (const [file, text, workspace] of texts) {
    let before = null;
    let now = text;
    for (let round = 0; round < 100 && now !== before; ++round) {
      before = now;
      now = fixOnce(now, workspace);
    }
    if (now !== text) process.stdout.write(JSON.stringify({ file, text: now }) + "\n");
  }
}
for (const [file, text, workspace] of passes > 0 || fixes ? [] : texts) {
  const lines = workspace.check(text).map((found) =>
    JSON.stringify({
      filename: file,
      code: found.code,
      message: found.message,
      location: found.start_location,
      end_location: found.end_location,
      fix: found.fix,
    }),
  );
  if (lines.length > 0) process.stdout.write(lines.join("\n") + "\n");
}

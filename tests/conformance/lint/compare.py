#!/usr/bin/env python3
"""Compares the findings and fixes of `krait lint` with ruff's over source trees, rule by rule.

usage: compare.py [--krait BIN] [--peer RUFF_PEER] [--codes F401,E] [--show CODE[:N]] [--fixes] [--cache FILE] [PATH...]

A finding is its file, line, column and code. The table has one line for each rule: rank, ruff's findings, equal ones,
those only we report, those only ruff reports, percent equal; with --fixes also ruff's fixes among the equal findings
and how many of them have the same edits as ours. `--show CODE` prints the first differences of a rule with their lines.
The peer is a command that prints ruff's findings as JSON lines: --peer, $RUFF_PEER, or ruff.mjs beside this file, which
runs the pinned WebAssembly build. --cache keeps the peer's answer in a file.
Exit code 77 when there is no peer; 1 when a rule of rank <= 120 is below 98 percent or all are below 95.
"""

import argparse
import collections
import csv
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
# The peer sees every file under one name: what depends on the name or place of a file cannot be compared.
UNCOMPARABLE = {"INP001", "N999", "EXE001", "EXE002", "E902", "RUF100"}
# In a package's own file these mean another thing to a linter that knows the file's name.
UNCOMPARABLE_IN_PACKAGES = {"D100", "D104", "F822", "RUF067"}


def beside(name):
    for folder in [ROOT, *ROOT.parents]:
        for place in (folder / ".." / "shared" / name, folder / "shared" / name):
            if place.exists():
                return place.resolve()
    return None


def our_codes():
    text = "".join(path.read_text() for path in (ROOT / "analyzer/diagnostics").glob("lint_codes_*.def"))
    return set(re.findall(r'^CODE\(\w+, "([A-Z]+\d+)"', text, re.M)) - UNCOMPARABLE


def preview_codes():
    text = "".join(path.read_text() for path in (ROOT / "analyzer/diagnostics").glob("lint_codes_*.def"))
    return set(re.findall(r'^CODE\(\w+, "([A-Z]+\d+)".*kPreview', text, re.M))


def read_table():
    table = beside("corpora/ruff_rules.tsv")
    if table is None:
        return {}
    with open(table, encoding="utf-8") as lines:
        return {row["code"]: row for row in csv.DictReader(lines, delimiter="\t")}


def run_ours(krait, codes, paths):
    """As the peer is run: rules of the preview with it, the others without, since some say more in it."""
    text = ""
    preview = codes & preview_codes()
    for group, flags in ((codes - preview, []), (preview, ["--preview"])):
        if not group:
            continue
        command = [krait, "lint", "--isolated", *flags, "--select", ",".join(sorted(group)), "--output-format", "json-lines", *paths]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode not in (0, 1):
            print(result.stderr[-2000:], file=sys.stderr)
        text += result.stdout
    return text


def run_peer(peer, codes, paths, preview):
    runner = ["node", str(peer)] if str(peer).endswith(".mjs") else [str(peer)]
    command = [*runner, "--format", "jsonl", "--select", ",".join(sorted(codes))]
    if shutil.which(command[0]) is None:
        print(f"the peer does not run: there is no {command[0]}")
        sys.exit(77)
    result = subprocess.run(command + (["--preview"] if preview else []) + paths, capture_output=True, text=True,
                            env={"KRAIT_ROOT": str(ROOT), **os.environ})
    if result.returncode not in (0, 1):
        print(f"the peer does not run: {result.stderr.strip()[-300:]}")
        sys.exit(77)
    return result.stdout


def peer_answer(args, codes):
    if args.cache and os.path.exists(args.cache):
        return pathlib.Path(args.cache).read_text()
    preview = codes & preview_codes()
    text = ""
    for group, flag in ((codes - preview, False), (preview, True)):
        if group:
            text += run_peer(args.peer, group, args.paths, flag)
    if args.cache:
        pathlib.Path(args.cache).write_text(text)
    return text


@functools.cache
def is_utf8(file):
    """The peer is given no other file."""
    try:
        pathlib.Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read_findings(text, codes):
    findings = {}
    for line in text.splitlines():
        if not line.startswith("{"):
            continue
        found = json.loads(line)
        if found.get("code") in UNCOMPARABLE_IN_PACKAGES and found["filename"].endswith("__init__.py"):
            continue
        if found.get("code") in codes and is_utf8(found["filename"]):
            place = found["location"]
            key = (found["code"], os.path.normpath(found["filename"]), place["row"], place["column"])
            findings[key] = found
    return findings


def edits_of(found):
    fix = found.get("fix")
    if not fix:
        return None
    edits = [
        (e["location"]["row"], e["location"]["column"], e["end_location"]["row"], e["end_location"]["column"], e["content"] or "")
        for e in fix["edits"]
    ]
    # What is put in at one place keeps its order.
    return sorted(edits, key=lambda edit: edit[:4])


def applied(source, edits):
    """The text after the edits, so that fixes that say the same in other words are equal."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", source)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    at = lambda row, column: min(starts[min(row - 1, len(lines))] + column - 1, len(source))
    for r, c, r2, c2, text in reversed(edits):
        source = source[: at(r, c)] + text + source[at(r2, c2):]
    return source


def is_same_fix(path, ours, theirs, sources):
    a, b = edits_of(ours), edits_of(theirs)
    if a == b:
        return True
    if a is None or b is None:
        return False
    if path not in sources:
        sources[path] = pathlib.Path(path).read_bytes().decode("utf-8", errors="replace")
    return applied(sources[path], a) == applied(sources[path], b)


def show(code, limit, ours, theirs, fixes):
    def line_of(key):
        lines = pathlib.Path(key[1]).read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[key[2] - 1].strip()[:150] if key[2] <= len(lines) else ""

    for title, keys, found in (("only ours", ours.keys() - theirs.keys(), ours), ("only theirs", theirs.keys() - ours.keys(), theirs)):
        for key in sorted(k for k in keys if k[0] == code)[:limit]:
            print(f"{title}: {key[1]}:{key[2]}:{key[3]} {found[key]['message'][:120]}\n    {line_of(key)}")
    both = sorted(k for k in ours.keys() & theirs.keys() if k[0] == code)
    worded = [k for k in both if ours[k]["message"] != theirs[k]["message"]]
    for key in worded[:limit]:
        print(f"message: {key[1]}:{key[2]}:{key[3]}\n    {ours[key]['message']}\n    {theirs[key]['message']}")
    ends = [k for k in both if ours[k]["end_location"] != theirs[k]["end_location"]]
    for key in ends[:limit]:
        print(f"end: {key[1]}:{key[2]}:{key[3]} ours {ours[key]['end_location']} theirs {theirs[key]['end_location']}")
    if fixes:
        sources = {}
        for key in [k for k in both if not is_same_fix(k[1], ours[k], theirs[k], sources)][:limit]:
            print(f"fix: {key[1]}:{key[2]}:{key[3]} {line_of(key)}\n    ours   {edits_of(ours[key])}\n    theirs {edits_of(theirs[key])}")


def print_table(codes, ours, theirs, table, with_fixes):
    rows, total = [], collections.Counter()
    counts = collections.defaultdict(collections.Counter)
    sources = {}
    for key in ours.keys() | theirs.keys():
        count = counts[key[0]]
        kind = "equal" if key in ours and key in theirs else "ours" if key in ours else "theirs"
        count[kind] += 1
        if kind == "equal":
            count["message"] += ours[key]["message"] != theirs[key]["message"]
            if with_fixes and (theirs[key].get("fix") or ours[key].get("fix")):
                count["fixes"] += 1
                count["same fix"] += is_same_fix(key[1], ours[key], theirs[key], sources)
    is_good = True
    for code in codes:
        count = counts[code]
        all_found = count["equal"] + count["ours"] + count["theirs"]
        percent = 100.0 * count["equal"] / all_found if all_found else 100.0
        rank = int(table.get(code, {}).get("rank") or 9999)
        rows.append((rank, code, count, percent))
        total.update(count)
        is_good &= rank > 120 or percent >= 98.0
    print(f"{'rank':>5} {'code':8} {'equal':>7} {'ours':>6} {'theirs':>6} {'percent':>7} {'worded':>6}" + ("   fixes" if with_fixes else ""))
    for rank, code, count, percent in sorted(rows, key=lambda row: (row[0], row[1])):
        if not count:
            continue
        line = f"{rank:5} {code:8} {count['equal']:7} {count['ours']:6} {count['theirs']:6} {percent:7.1f} {count['message']:6}"
        print(line + (f"   {count['same fix']}/{count['fixes']}" if with_fixes else ""))
    all_found = total["equal"] + total["ours"] + total["theirs"]
    percent = 100.0 * total["equal"] / max(1, all_found)
    silent = sum(1 for row in rows if not row[2])
    below = sum(1 for row in rows if row[3] < 95.0)
    print(f"all: {total['equal']} equal, {total['ours']} only ours, {total['theirs']} only theirs, {percent:.2f} percent; "
          f"{len(rows)} rules, {silent} without findings, {below} below 95 percent")
    if with_fixes:
        print(f"fixes: {total['same fix']} of {total['fixes']} equal")
    return is_good and percent >= 95.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--krait", default=str(ROOT / "build/dev/bin/krait"))
    parser.add_argument("--peer", default=os.environ.get("RUFF_PEER") or pathlib.Path(__file__).with_name("ruff.mjs"))
    parser.add_argument("--codes", default="")
    parser.add_argument("--show", action="append", default=[])
    parser.add_argument("--fixes", action="store_true")
    parser.add_argument("--cache")
    parser.add_argument("paths", nargs="*", default=[f"/usr/lib/python3/dist-packages/{name}" for name in ("jinja2", "sqlalchemy")])
    args = parser.parse_args()
    args.paths = [path for path in args.paths if os.path.exists(path)]
    if not args.paths:
        print("no trees to compare")
        return 77
    codes = our_codes()
    if args.codes:
        codes = {code for code in codes if code.startswith(tuple(args.codes.split(",")))}
    table = read_table()
    shown = [(entry.partition(":")[0], int(entry.partition(":")[2] or 10)) for entry in args.show]
    if shown and not args.codes:
        codes = {code for code, _ in shown}
    ours = read_findings(run_ours(args.krait, codes, args.paths), codes)
    theirs = read_findings(peer_answer(args, codes), codes)
    is_good = print_table(codes, ours, theirs, table, args.fixes)
    for code, limit in shown:
        show(code, limit, ours, theirs, args.fixes)
    return 0 if is_good else 1


sys.exit(main())

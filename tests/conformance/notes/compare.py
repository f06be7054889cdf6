"""What `krait verify` makes of notes beside what CPython prints for them: outputs of blocks, verdicts of claims, time.

usage: compare.py --krait KRAIT NOTES [--show]    NOTES holds *.md, expected.json and claims.json

`--show` prints each difference. Exit code: 0 when the bounds hold, 1 when not, 77 (skipped) without the notes or a sandbox.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import time

# Shares that must be reached.
BOUNDS = {"deterministic blocks": 0.96, "fragments in context": 0.97, "explicit claims": 0.95, "value comments": 0.95, "wrong claims found": 0.96}


def normal(text):
    """Without what differs from run to run: addresses, and folders as the records write them."""
    text = re.sub(r"0x[0-9a-f]+", "0x…", text)
    text = re.sub(r"/tmp/krait-verify-\w+(/script\.py)?|<(CWD|TMP|BLOCKS|HOME)>(/\d+_\d+\.py)?", "<folder>", text)
    return text.replace("script.py", "").strip()


def is_alike(record, verdict):
    """`ok` holds, `WRONG` is wrong, a sample is a sample; what holds only by chance of a run may be either."""
    said = record["verdict"]
    if said.startswith("sample"):
        return verdict in ("sample", "holds", None)
    if said.startswith("wrong-from"):
        return verdict == "wrong"
    if said == "WRONG":
        # Behind a statement that raises what the block catches, nothing is printed that could be compared.
        return verdict == ("unreached" if record["note"].startswith("never reached") else "wrong")
    if said.startswith("ok if called"):
        return verdict in ("holds", "unreached", None)
    return verdict in ("holds", None) if said == "ok (loose wording)" else verdict == "holds"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--krait", required=True)
    parser.add_argument("notes", type=pathlib.Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if not (options.notes / "expected.json").exists():
        print("skipped: the notes are not here")
        return 77
    documents = sorted(path.name for path in options.notes.glob("[0-9]*.md"))
    began = time.time()
    result = subprocess.run([options.krait, "verify", "--output", "json", *documents], cwd=options.notes, capture_output=True, text=True)
    seconds = time.time() - began
    if "does not offer" in result.stderr:
        print(result.stderr)
        return 77
    answer = json.loads(result.stdout)
    blocks = {(block["file"].removesuffix(".md"), block["line"]): block for block in answer["blocks"]}
    claims = collections.defaultdict(dict)
    for claim in answer["claims"]:
        claims[claim["file"].removesuffix(".md")][claim["line"]] = claim
    counts = collections.defaultdict(lambda: [0, 0])

    def count(what, is_right, shown):
        counts[what][0] += is_right
        counts[what][1] += 1
        if not is_right and options.show:
            print(f"{what}: {shown}")

    for record in json.loads((options.notes / "expected.json").read_text()):
        block = blocks.get((record["seed"], record["line"]))
        place = f"{record['seed']}.md:{record['line']}"
        if record["category"] in ("deterministic", "expected-exception"):
            is_same = block is not None and normal(block["stdout"] or "") == normal(record["stdout"]) and block["exit_code"] == record["exit_code"]
            count("deterministic blocks", is_same, f"{place}: {block and (block['status'], block['stdout'], block['stderr'][-200:])!r}, not {record['stdout']!r}")
        if record["category"] == "fragment" and record.get("in_context_stdout") is not None and not record.get("in_context_error"):
            is_same = block is not None and block["status"] == "ok"
            count("fragments in context", is_same, f"{place}: {block and (block['status'], block['stderr'][-200:])!r}")
    for record in json.loads((options.notes / "claims.json").read_text()):
        claim = claims[record["seed"]].get(record["line"])
        verdict = claim["verdict"] if claim else None
        shown = f"{record['seed']}.md:{record['line']}: {record['claim']!r} is {record['verdict']}, judged {verdict}"
        is_right = is_alike(record, verdict)
        count("explicit claims" if record["explicit"] else "value comments", is_right, shown)
        if record["verdict"] == "WRONG":
            count("wrong claims found", is_right, shown)
    is_fine = True
    for what, bound in BOUNDS.items():
        right, total = counts[what]
        share = right / total if total else 1.0
        is_fine &= share >= bound
        print(f"{what:22} {right:4} of {total:4}  {share:6.1%}  (at least {bound:.0%})")
    print(f"{len(answer['blocks'])} blocks in {seconds:.1f} s")
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())

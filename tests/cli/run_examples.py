"""`krait explain CODE`: every example that it shows has the finding, on the lines that it names and on no other.

usage: run_examples.py KRAIT
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "cmake/tools"))
from write_examples import findings  # noqa: E402

# Codes that only a whole project, a notebook or another command finds have no fixture of one file.
WITHOUT_EXAMPLE_AT_MOST = 40


def read_examples(path):
    examples = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("= "):
            code, *options = line[2:].split(" ")
            suffix = ".pyi" if options[:1] == ["--stub"] else ".py"
            examples.append((code, options[suffix == ".pyi":], suffix, []))
        elif line:
            examples[-1][3].append((line[2:], line.startswith(">")))
    return examples


def main():
    krait = str(pathlib.Path(sys.argv[1]).resolve())
    examples = read_examples(pathlib.Path(krait).parent.parent / "share/krait/examples.txt")
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for at, (code, options, suffix, lines) in enumerate(examples):
            own = folder / str(at)
            own.mkdir()
            (own / f"example{suffix}").write_text("".join(text + "\n" for text, _ in lines), encoding="utf-8")
            wanted = {line for line, (_, is_marked) in enumerate(lines, 1) if is_marked}
            # The linter's own word for broken syntax cannot be selected.
            is_rule = code[0].isupper()
            is_lint = is_rule or code == "invalid-syntax"
            select = ["--select", code] if is_rule and "--select" not in options else []
            got = findings(krait, options + select, is_lint, own).get((f"example{suffix}", code), set())
            if not wanted or got != wanted:
                faults.append(f"{code} {' '.join(options)}: lines {sorted(wanted)} are marked, found are {sorted(got)}")

    shown = subprocess.run([krait, "explain", "F401"], capture_output=True, text=True).stdout
    if "# <- F401" not in shown:
        faults.append(f"explain F401 shows no example:\n{shown}")
    listed = [line.split()[0] for line in subprocess.run([krait, "explain"], capture_output=True, text=True).stdout.splitlines()]
    missing = sorted(set(listed) - {code for code, _, _, _ in examples})
    if len(missing) > WITHOUT_EXAMPLE_AT_MOST:
        faults.append(f"{len(missing)} codes have no example: {' '.join(missing)}")
    print("\n".join(faults) or f"{len(examples)} examples have their findings; {len(missing)} codes have none: {' '.join(missing)}")
    return 1 if faults else 0


sys.exit(main())

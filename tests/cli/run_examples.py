"""`krait explain CODE`: every example that it shows has the finding, on the lines that it names and on no other.

usage: run_examples.py KRAIT
"""

import json
import pathlib
import subprocess
import sys
import tempfile

# Codes that only a whole project, a notebook or another command finds have no fixture of one file.
WITHOUT_EXAMPLE_AT_MOST = 60


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


def found(krait, command, options, path):
    """The (file name, line, code) of all findings."""
    result = subprocess.run([krait, *command, *options, str(path)], capture_output=True, text=True, cwd=path.parent)
    if result.returncode not in (0, 1):
        sys.exit(f"{' '.join(command + options)} {path.name}: exit {result.returncode}\n{result.stderr}")
    out = set()
    for line in result.stdout.split("\n"):
        name, _, rest = line.partition(":")
        number, _, message = rest.partition(":")
        if message.startswith(" note:") or not number.isdigit():
            continue
        out.add((pathlib.Path(name).name, int(number), message.rpartition("[")[2].rstrip("]")))
    return out


def lint_found(krait, options, path):
    result = subprocess.run([krait, "lint", "--preview", "--isolated", "--output-format", "json", *options, str(path)],
                            capture_output=True, text=True, cwd=path.parent)
    if result.returncode not in (0, 1):
        sys.exit(f"lint {' '.join(options)} {path.name}: exit {result.returncode}\n{result.stderr}")
    return {(pathlib.Path(each["filename"]).name, each["location"]["row"], each["code"]) for each in json.loads(result.stdout)}


def main():
    krait = str(pathlib.Path(sys.argv[1]).resolve())
    examples = read_examples(pathlib.Path(krait).parent.parent / "share/krait/examples.txt")
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        lint_folder = folder / "lint"
        lint_folder.mkdir()
        for at, (code, _, suffix, lines) in enumerate(examples):
            where = lint_folder if code[0].isupper() else folder
            (where / f"example{at}{suffix}").write_text("".join(text + "\n" for text, _ in lines), encoding="utf-8")
        together = lint_found(krait, ["--select", "ALL"], lint_folder)
        for at, (code, options, suffix, lines) in enumerate(examples):
            name = f"example{at}{suffix}"
            wanted = {line for line, (_, is_marked) in enumerate(lines, 1) if is_marked}
            if not wanted:
                faults.append(f"{code}: no line is marked")
                continue

            def lines_of(findings):
                return {line for file, line, found_code in findings if file == name and found_code == code}

            if code[0].isupper():
                got = lines_of(together)
                if got != wanted:
                    select = [] if "--select" in options else ["--select", code]
                    got = lines_of(lint_found(krait, options + select, lint_folder / name))
            else:
                got = lines_of(found(krait, ["check", "--cache-dir=/dev/null"], options, folder / name))
            if got != wanted:
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

"""Takes an example for each code from the code's fixtures, for `krait explain`.

usage: write_examples.py KRAIT FIXTURES OUTPUT

Of all findings that the fixtures expect for a code, the one is taken whose statement, with the imports and definitions that
it needs, is shortest and has the finding by itself, too, as KRAIT says. OUTPUT holds for each code a line
`= CODE OPTIONS`, then the lines of the example: `> ` stands before those that have the finding, two blanks before the
others.
"""
import ast
import builtins
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

EXPECTED = re.compile(r"  #\s*(?:error|warning|note|fixed|revealed)(?:\[([^\]]*)\])?.*$")
MARKED = re.compile(r"#\s*(?:error|warning)\[([^\]]+)\]")
LONGEST = 24


class Fixture:
    """A fixture without its expectations: its lines, arguments, tree and the codes that lines expect."""

    def __init__(self, path):
        self.suffix = path.suffix
        lines = path.read_text(encoding="utf-8").split("\n")
        # What stands before the first separator is the file under test; the other files are not part of an example.
        self.is_alone = not any(line.startswith("# ---") for line in lines)
        self.arguments = ""
        self.codes = {}
        self.lines = []
        for line in lines:
            if line.startswith("# ---"):
                break
            if line.startswith("# args:"):
                self.arguments = line[len("# args:"):].strip()
            codes = MARKED.findall(line)
            if codes:
                self.codes[len(self.lines) + 1] = codes
            self.lines.append(EXPECTED.sub("", line))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = ast.parse("\n".join(self.lines))


def read(path):
    # A page shows text, not how lines end.
    if b"\r" in path.read_bytes():
        return None
    try:
        return Fixture(path)
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return None


def first_line(statement):
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno] + [decorator.lineno for decorator in decorators])


def names_bound(statement):
    """The names that a top-level statement gives the module."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def names_used(statement):
    used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    # Quoted annotations name things, too.
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
            used.update(re.findall(r"[A-Za-z_]\w*", node.value))
    return used


def needed(fixture, target, before):
    """The positions of the statements that the target needs, itself and so many before it included, in order."""
    body = fixture.tree.body
    binds = [names_bound(statement) for statement in body]
    chosen = set(range(max(0, target - before), target + 1))
    waiting = sorted(chosen)
    for at, statement in enumerate(body):
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            chosen.add(at)
    while waiting:
        used = names_used(body[waiting.pop()]) - set(dir(builtins))
        for name in used:
            sources = [at for at in range(len(body)) if name in binds[at]]
            earlier = [at for at in sources if at < target]
            # The last one before it, else what it is given later.
            for at in earlier[-1:] or sources[:1]:
                if at not in chosen:
                    chosen.add(at)
                    waiting.append(at)
    return sorted(chosen)


def comments_above(fixture, line):
    """Directives directly above a statement belong to it."""
    while line > 1 and re.match(r"\s*# (?:type|noqa|ruff|flake8|isort|fmt|mypy):", fixture.lines[line - 2]):
        line -= 1
    return line


def example(fixture, code, target, before):
    """The lines of an example, each with whether it has the finding."""
    out = []
    last = 0
    for at in needed(fixture, target, before):
        statement = fixture.tree.body[at]
        start = max(comments_above(fixture, first_line(statement)), last + 1)
        gap = sum(1 for line in fixture.lines[last:start - 1] if not line)
        if out and (gap or start > last + 1):
            out.extend([("", False)] * max(1, min(gap, 2)))
        for line in range(start, statement.end_lineno + 1):
            out.append((fixture.lines[line - 1], code in fixture.codes.get(line, ())))
        last = statement.end_lineno
    return out


def whole(fixture, code):
    lines = [(line, code in fixture.codes.get(at, ())) for at, line in enumerate(fixture.lines, 1)]
    while lines and not lines[-1][0] and not lines[-1][1]:
        lines.pop()
    return [line for line in lines if not line[0].startswith(("# args:", "# config:"))]


def cost(fixture, code, is_own, lines):
    """What is cheapest is shown: defaults before options, the code's own fixture, few other findings, few lines."""
    shown = {line for line, _ in lines}
    others = sum(1 for at, codes in fixture.codes.items() for other in codes if other != code and fixture.lines[at - 1] in shown)
    return bool(fixture.arguments), not is_own, others > 0, len(lines), others, sum(len(line) for line, _ in lines)


def candidates(fixture):
    """(code, lines) for each finding: its statement alone, with the one before it, and the whole fixture."""
    for line, codes in fixture.codes.items():
        for code in dict.fromkeys(codes):
            for at, statement in enumerate(fixture.tree.body):
                if fixture.is_alone and first_line(statement) <= line <= statement.end_lineno:
                    parts = [example(fixture, code, at, before) for before in (0, 1)]
                    yield from ((code, part) for part in parts if len(part) <= LONGEST)
            yield code, whole(fixture, code)


class Candidate:
    def __init__(self, code, fixture, is_lint, is_own, lines):
        self.code = code
        self.suffix = fixture.suffix
        self.options = fixture.arguments.split()
        self.lines = lines
        self.rank = (not fixture.is_alone, cost(fixture, code, is_own, lines), fixture.arguments, lines)
        self.wanted = {at for at, (_, is_marked) in enumerate(lines, 1) if is_marked}
        self.is_lint = is_lint


def collect(folder):
    """The candidates of each code, the best first."""
    found = {}
    for path in sorted([*folder.glob("lint/**/*.py*"), *folder.glob("check/**/*.py*")]):
        fixture = read(path)
        if fixture is None:
            continue
        is_lint = "lint" in path.relative_to(folder).parts
        for code, lines in candidates(fixture):
            is_own = not is_lint or path.parent.name == code
            if any(is_marked for _, is_marked in lines) and (is_own or code in fixture.arguments):
                found.setdefault(code, []).append(Candidate(code, fixture, is_lint, is_own, lines))
    for several in found.values():
        several.sort(key=lambda candidate: candidate.rank)
        # Beside the shortest ones the longest, which lack nothing that the fixture has.
        del several[6:-2]
    return found


def run_krait(krait, arguments, folder):
    result = subprocess.run([krait, *arguments], capture_output=True, text=True, cwd=folder)
    # 2: a file could not be checked further, as some of mypy's errors have it.
    if result.returncode not in (0, 1, 2) or result.stderr:
        sys.exit(f"{' '.join(arguments)}: exit {result.returncode}\n{result.stderr}")
    return result.stdout


def findings(krait, options, is_lint, folder):
    """(file name, code) -> lines of all findings in the folder."""
    out = {}
    if is_lint:
        select = [] if "--select" in options else ["--select", "ALL"]
        text = run_krait(krait, ["lint", "--preview", "--isolated", "--output-format", "json", *options, *select, "."], folder)
        for each in json.loads(text):
            out.setdefault((Path(each["filename"]).name, each["code"]), set()).add(each["location"]["row"])
        return out
    for line in run_krait(krait, ["check", "--cache-dir=/dev/null", *options, "."], folder).split("\n"):
        match = re.match(r"([^:]+):(\d+): (?:error|warning): .*\[([^\]]+)\]$", line)
        if match:
            out.setdefault((Path(match[1]).name, match[3]), set()).add(int(match[2]))
    return out


def holding(group, options, is_lint):
    """Those of the candidates, all with the same options, that have their findings where they are marked."""
    with tempfile.TemporaryDirectory() as folder:
        for at, candidate in enumerate(group):
            text = "".join(line + "\n" for line, _ in candidate.lines)
            Path(folder, f"example{at}{candidate.suffix}").write_text(text, encoding="utf-8")
        found = findings(sys.argv[1], options, is_lint, folder)
    return [each for at, each in enumerate(group) if found.get((f"example{at}{each.suffix}", each.code)) == each.wanted]


def confirmed(round_of):
    """Those of the candidates, one a code, that have their findings where they are marked."""
    groups = {}
    for candidate in round_of:
        groups.setdefault((candidate.is_lint, tuple(candidate.options)), []).append(candidate)
    good = []
    for (is_lint, options), group in groups.items():
        held = holding(group, list(options), is_lint)
        good.extend(held)
        # Selected together some codes take each other's place.
        for candidate in group:
            if is_lint and "--select" not in options and candidate not in held:
                good.extend(holding([candidate], [*options, "--select", candidate.code], True))
    return good


def main():
    waiting = collect(Path(sys.argv[2]))
    best = {}
    while waiting:
        for candidate in confirmed([several.pop(0) for several in waiting.values()]):
            best[candidate.code] = candidate
        waiting = {code: several for code, several in waiting.items() if several and code not in best}
    parts = []
    for code in sorted(best):
        parts.append(" ".join(["=", code + (" --stub" if best[code].suffix == ".pyi" else ""), *best[code].options]) + "\n")
        parts.extend(("> " if is_marked else "  ") + line + "\n" for line, is_marked in best[code].lines)
    output = Path(sys.argv[3])
    temporary = output.with_name(output.name + f".{os.getpid()}")
    temporary.write_text("".join(parts), encoding="utf-8")
    temporary.replace(output)


if __name__ == "__main__":
    main()

"""Fixtures of the language server as files: one text holds several (`# --- PATH` starts the next), a folder holds many."""
import os
import re


def split_files(text):
    """The files of a fixture by name; the first one is main.py."""
    files, name, lines = {}, "main.py", []
    for line in text.split("\n"):
        found = re.fullmatch(r"# --- (\S+)", line)
        if found:
            files[name], name, lines = "\n".join(lines) + "\n", found[1], []
        else:
            lines.append(line)
    files[name] = "\n".join(lines)
    return files


def write_files(root, files):
    for name, text in files.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def run_all(folders, run_case, verdict):
    """Runs every fixture below the folders; run_case gives its failures, or None where it is none. The exit code."""
    failed = total = 0
    for folder in folders:
        for directory, inner, names in os.walk(folder):
            inner.sort()
            for name in sorted(names):
                path = os.path.join(directory, name)
                try:
                    failures = run_case(path) if name.endswith(".py") else None
                except Exception as error:
                    failures = [f"{type(error).__name__}: {error}"]
                if failures is None:
                    continue
                total += 1
                failed += bool(failures)
                for failure in failures:
                    print(f"{path}: {failure}")
    print(f"{total - failed} of {total} fixtures {verdict}")
    return 1 if failed or not total else 0

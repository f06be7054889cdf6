"""Random programs under krait-python and under another Python: what they print, and the traceback of each statement that raises.

usage: compare.py MAKER COUNT SEED COMMAND [COMMAND]    MAKER: make.py, make_objects.py; COMMAND: of a Python, in one string

Each program's statements run one by one, so that one that raises does not hide the others, and each program twice: the second time
the code is what the first run has made of it. With one command that is all that is compared. Differences are printed.
"""
import difflib
import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RUNNER = r'''
import ast, contextlib, io, linecache, re, sys, traceback, warnings
warnings.simplefilter("always")
sys.stdout.reconfigure(errors="backslashreplace")
def plain(text):
    text = re.sub(r"0x[0-9a-f]{6,16}", "ADDRESS", text)
    return re.sub(r"\{([^{}:\n]*)\}", lambda m: "{" + ", ".join(sorted(m[1].split(", "))) + "}", text)
def run(code, names, out):
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try: exec(code, names)
        except BaseException as error: print("".join(traceback.format_exception(type(error), error, error.__traceback__.tb_next)))
number = 0
for program in re.split(r"(?m)^#---.*\n", open(sys.argv[1], encoding="utf-8").read())[1:]:
    number += 1
    file = f"<program {number}>"
    linecache.cache[file] = (len(program), None, program.splitlines(True), file)
    try: body = ast.parse(program, file).body
    except SyntaxError as error:
        print(file, error)
        continue
    codes, lines = [], program.splitlines()
    for statement in body:
        first = min([statement.lineno] + [d.lineno for d in getattr(statement, "decorator_list", ())])
        with contextlib.redirect_stderr(io.StringIO()):
            try: codes.append(compile("\n" * (first - 1) + "\n".join(lines[first - 1:statement.end_lineno]) + "\n", file, "exec"))
            except SyntaxError as error: print(file, error)
    answers = []
    for times in range(2):
        names, out = {"__name__": "__main__"}, io.StringIO()
        for code in codes: run(code, names, out)
        names.clear()
        answers.append(plain(out.getvalue()))
    print(file, answers[0], sep="\n")
    if answers[0] != answers[1]: print(file, "SECOND RUN", answers[1], sep="\n")
    sys.stdout.flush()
'''


def main():
    maker, count, seed, *commands = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        programs, runner = pathlib.Path(folder, "programs.txt"), pathlib.Path(folder, "runner.py")
        programs.write_text(subprocess.run([sys.executable, HERE / maker, count, seed], capture_output=True, text=True, check=True).stdout)
        runner.write_text(RUNNER)
        answers = []
        for command in commands:
            done = subprocess.run([*shlex.split(command), runner, programs], capture_output=True, timeout=1200)
            answers.append(done.stdout.decode("utf-8", "replace").split("\n"))
            if done.returncode: sys.exit(f"{command}: exit {done.returncode}\n{done.stderr.decode('utf-8', 'replace')[-2000:]}")
    differences = list(difflib.unified_diff(answers[-1], answers[0], "expected", "got", lineterm="", n=4)) if len(answers) > 1 else []
    differences += [line for line in answers[0] if line == "SECOND RUN"]
    print(*differences, sep="\n")
    sys.exit(bool(differences))


if __name__ == "__main__":
    main()

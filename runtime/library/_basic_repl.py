"""The interactive loop of `krait-python`: the library's `code` with what CPython's own loop does otherwise.

Texts are named `<stdin>`, and each keeps its lines for tracebacks. Where input or output is no terminal, prompts go to sys.stderr and
lines come from sys.stdin. ref: PyRun_InteractiveLoop.
"""
import code
import linecache
import sys

try:
    import readline
    import rlcompleter
    readline.parse_and_bind("tab: complete")
except ImportError:
    pass


class Console(code.InteractiveConsole):
    def __init__(self, namespace):
        super().__init__(namespace, "<stdin>")
        compile_text = self.compile

        def compile_and_register(source, filename, symbol):
            made = compile_text(source, filename, symbol)
            if made is not None:
                linecache._register_code(made, source, filename)
            return made
        self.compile = compile_and_register

    def raw_input(self, prompt=""):
        if sys.stdin.isatty() and sys.stdout.isatty():
            return input(prompt)
        sys.stdout.flush()
        sys.stderr.write(str(prompt))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.removesuffix("\n")


def run(namespace, banner):
    sys.ps1 = getattr(sys, "ps1", ">>> ")
    sys.ps2 = getattr(sys, "ps2", "... ")
    Console(namespace).interact(banner=banner, exitmsg="")

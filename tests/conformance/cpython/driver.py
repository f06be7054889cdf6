"""Runs one of CPython's test modules under the interpreter that runs this file.

usage: driver.py MODULE REPORT [ID...]    by an installation whose library holds `test`

Writes a line "outcome<TAB>test id" to REPORT as soon as each test ends, so that a crash loses nothing. Tests of classes
that another module defines are written as "MODULE:id".
Only the tests named run when there are IDs.
"""
import sys
import unittest


def name_of(test, module):
    """The id under which a test is listed: one that begins with its module's name."""
    return test.id() if test.id().startswith(f"{module}.") else f"{module}:{test.id()}"


class Reporter(unittest.TestResult):
    def __init__(self, path, module):
        super().__init__()
        self.module = module
        self.out = open(path, "w", encoding="utf-8")

    def say(self, outcome, test):
        self.out.write(f"{outcome}\t{name_of(test, self.module)}\n")
        self.out.flush()

    def startTest(self, test):
        super().startTest(test)
        self.clean = True
        self.say("start", test)

    def addSuccess(self, test):
        if self.clean:
            self.say("ok", test)

    def addError(self, test, error):
        self.clean = False
        self.say("error", test)
        self.explain(test, error)

    def addFailure(self, test, error):
        self.clean = False
        self.say("fail", test)
        self.explain(test, error)

    def addSubTest(self, test, subtest, error):
        if error is not None and self.clean:
            self.addFailure(test, error)

    def addSkip(self, test, reason):
        self.say("skip", test)

    def addExpectedFailure(self, test, error):
        self.say("ok", test)

    def addUnexpectedSuccess(self, test):
        self.say("fail", test)

    def explain(self, test, error):
        print(f"--- {test.id()}\n{self._exc_info_to_string(error, test)}", file=sys.stderr)


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def main():
    name, report, *wanted = sys.argv[1:]
    module = __import__(name, fromlist=["*"])
    loader = unittest.TestLoader()
    loaded = loader.loadTestsFromModule(module)
    if wanted:
        chosen = set(wanted)
        loaded = unittest.TestSuite(t for t in flatten(loaded) if name_of(t, name) in chosen)
    result = Reporter(report, name)
    loaded.run(result)
    result.out.write("end\t\n")


if __name__ == "__main__":  # processes of multiprocessing import this file
    main()

"""Runs one of CPython's test modules under the interpreter that runs this file.

usage: driver.py MODULE REPORT [ID...]    with the folder that holds `test/` in PYTHONPATH

Writes a line "outcome<TAB>test id" to REPORT as soon as each test ends, so that a crash loses nothing.
Only the tests named run when there are IDs.
"""
import sys
import unittest


class Reporter(unittest.TestResult):
    def __init__(self, path):
        super().__init__()
        self.out = open(path, "w", encoding="utf-8")

    def say(self, outcome, test):
        self.out.write(f"{outcome}\t{test.id()}\n")
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
        loaded = unittest.TestSuite(t for t in flatten(loaded) if t.id() in chosen)
    result = Reporter(report)
    loaded.run(result)
    result.out.write("end\t\n")


if __name__ == "__main__":  # processes of multiprocessing import this file
    main()

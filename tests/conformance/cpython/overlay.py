"""The folder of tests that the runner shows to the interpreter: Debian's 3.11 suite, with what 3.14 cannot even import adapted.

`make(folder)` fills `folder` with a package `test` of links to the suite. Files of CHANGES are copies with the replacements
made: each says why. Modules that 3.14 removed but that the suite builds its own servers on are beside it (REMOVED)
without the call that refuses to be imported.
"""
import os
import pathlib
import re

SUITE = pathlib.Path("/usr/lib/python3.11/test")
REMOVED = ("asyncore.py", "asynchat.py", "smtpd.py", "_compression.py", "imp.py", "_pydecimal.py")

CHANGES = {
    # PEP 649: a module or class without evaluated annotations has no name `__annotations__`.
    "ann_module.py": [("\n__annotations__[1] = 2\n", "\n\n"), ("    __annotations__['123'] = 123\n", "\n")],
    # ConfigParser's LegacyInterpolation was removed in 3.13.
    "test_configparser.py": [("configparser.LegacyInterpolation()", "configparser.BasicInterpolation()"),
                             ("configparser.LegacyInterpolation", "()"),
                             ("class ConfigParserTestCaseLegacyInterpolation(ConfigParserTestCase):",
                              "@unittest.skip('removed in 3.13')\nclass ConfigParserTestCaseLegacyInterpolation(ConfigParserTestCase):")],
    # CPython's test helper in C is not there: no calls through it.
    "test_call.py": [("_instance = _testcapi.MethInstance()", "_instance = None"),
                     ("for obj, expected_self in (\n", "for obj, expected_self in () and (\n")],
    # The lock has no functions of its own since 3.13.
    "test_logging.py": [("logging._acquireLock()", "logging._lock.acquire()"), ("logging._releaseLock()", "logging._lock.release()")],
    # Flavours became os.path modules in 3.12.
    "test_pathlib.py": [("flavour = pathlib._posix_flavour", "flavour = None"), ("flavour = pathlib._windows_flavour", "flavour = None"),
                        ("class PosixFlavourTest(", "@unittest.skip('3.12 has no flavours')\nclass PosixFlavourTest("),
                        ("class NTFlavourTest(", "@unittest.skip('3.12 has no flavours')\nclass NTFlavourTest(")],
    # typing of 3.12 and later does not import without `_typing`.
    "test_typing.py": [("blocked=['_typing']", "fresh=['_typing']")],
    # A flaw of csv.Sniffer that was mended after 3.14.0: the sample takes minutes.
    "test_csv.py": [("    def test_sniff_regex_backtracking(", "    @unittest.skip('mended after 3.14.0')\n    def test_sniff_regex_backtracking(")],
    # Not a link: the file asks whether it is one.
    "test_os.py": [],
    # The module moved to `compression._common`.
    "test_bz2.py": [("import _compression", "from compression._common import _streams as _compression")],
}


def make(folder):
    """Fills `folder`; returns it."""
    package = pathlib.Path(folder, "test")
    package.mkdir()
    for entry in SUITE.iterdir():
        if entry.name not in CHANGES and entry.name != "__pycache__":
            os.symlink(entry, package / entry.name)
    for name, replacements in CHANGES.items():
        text = (SUITE / name).read_text(encoding="utf-8")
        for old, new in replacements:
            text = text.replace(old, new)
        (package / name).write_text(text, encoding="utf-8")
    for name in REMOVED:
        if (SUITE.parent / name).exists():
            text = (SUITE.parent / name).read_text(encoding="utf-8")
            text = re.sub(r"^(warnings\.)?_deprecated\(", "(lambda *args, **named: None)(", text, flags=re.MULTILINE)
            pathlib.Path(folder, name).write_text(text, encoding="utf-8")
    return folder

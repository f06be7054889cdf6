"""The folder of tests that the runner shows to the interpreter: Debian's 3.11 suite, with what 3.14 cannot even import adapted.

`make(folder, python)` fills `folder` with an installation of `python` whose library has a package `test` of links to the suite,
so that processes in isolated mode find it too. Files of CHANGES are copies with the replacements made: each says why. Modules
that 3.14 removed but that the suite builds its own servers on are beside it (REMOVED) without the call that refuses to be imported.
"""
import os
import pathlib
import re
import shutil

SUITE = pathlib.Path("/usr/lib/python3.11/test")
# Packages of tests that stood beside what they test, and moved into `test` in 3.12.
MOVED = {"unittest.test": "test_unittest", "ctypes.test": "test_ctypes"}
REMOVED = ("asyncore.py", "asynchat.py", "smtpd.py", "_compression.py", "imp.py", "_pydecimal.py")

NO_WATCHER = [("watcher = asyncio.SafeChildWatcher()", "pass"), ("watcher.attach_loop(self.loop)", "pass"),
              ("asyncio.set_child_watcher(watcher)", "pass"), ("asyncio.set_child_watcher(None)", "pass")]
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
    # An exception stands for itself since 3.12; where the old form fails, a thread waits for ever.
    "test_sys.py": [("assertEqual((None, None, None), d.pop(main_id))", "assertIsNone(d.pop(main_id))"),
                    ("exc_type, exc_value, exc_tb = d.pop(thread_id)", "exc_tb = d.pop(thread_id).__traceback__")],
    # A kind of resource that 3.12 added for tests of its own: five minutes of waiting for it.
    "_test_multiprocessing.py": [("if rtype == \"noop\":", "if rtype in (\"noop\", \"dummy\"):")],
    # Whether positions are kept needs no module of CPython's own.
    "support/__init__.py": [("    try:\n        import _testinternalcapi\n    except ImportError:\n        raise unittest.SkipTest(\"_testinternalcapi required\")\n"
                             "    config = _testinternalcapi.get_config()\n    return not bool(config['code_debug_ranges'])", "    return False")],
    # Not a link: the file asks whether it is one.
    "test_os.py": [],
    # asyncio's child watchers were removed in 3.14; a loop has one of two private ones.
    "test_asyncio/utils.py": [("watcher = policy.get_child_watcher()", "pass"),
                              ("if isinstance(watcher, asyncio.ThreadedChildWatcher):", "if False:")],
    # The tasks in C ask the loop in C which one runs, and no longer the function that this class puts there.
    "test_asyncio/test_events.py": NO_WATCHER + [("class TestPyGetEventLoop(", "@unittest.skip('differs since 3.14')\nclass TestPyGetEventLoop(")],
    "test_asyncio/test_streams.py": NO_WATCHER,
    "test_asyncio/test_subprocess.py": [
        ("            watcher.attach_loop(self.loop)\n            policy.set_child_watcher(watcher)\n", "            self.loop._watcher = watcher\n"),
        ("            watcher = policy.get_child_watcher()\n            policy.set_child_watcher(None)\n"
         "            watcher.attach_loop(None)\n            watcher.close()\n", ""),
        ("    class SubprocessSafeWatcherTests(", "    @unittest.skip('removed in 3.14')\n    class SubprocessSafeWatcherTests("),
        ("    class SubprocessFastWatcherTests(", "    @unittest.skip('removed in 3.14')\n    class SubprocessFastWatcherTests("),
        ("Watcher = unix_events.MultiLoopChildWatcher", "pass"), ("Watcher = unix_events.SafeChildWatcher", "pass"),
        ("Watcher = unix_events.FastChildWatcher", "pass"), ("= unix_events.ThreadedChildWatcher", "= unix_events._ThreadedChildWatcher"),
        ("= unix_events.PidfdChildWatcher", "= unix_events._PidfdChildWatcher")],
    "test_asyncio/test_unix_events.py": [
        ("class SafeChildWatcherTests (", "@unittest.skip('removed in 3.14')\nclass SafeChildWatcherTests ("),
        ("class FastChildWatcherTests (", "@unittest.skip('removed in 3.14')\nclass FastChildWatcherTests (")],
    # Since 3.12 a server waits for its connections to be closed.
    "test_asyncio/test_base_events.py": [("            server.close()\n            self.run_loop(server.wait_closed())\n            sock.close()",
                                          "            server.close()\n            sock.close()")],
    # `Runner.run` takes any awaitable since 3.14, and waits for this one.
    "test_asyncio/test_runners.py": [("    def test_run_future(", "    @unittest.skip('awaited since 3.14')\n    def test_run_future(")],
    # The module moved to `compression._common`.
    "test_bz2.py": [("import _compression", "from compression._common import _streams as _compression")],
}


def install(folder, python):
    """Copies the binary and its library to bin/ and share/ below `folder`; returns the program and the folder of the library."""
    real = pathlib.Path(python).resolve()
    program = pathlib.Path(folder, "bin", "krait-python")
    program.parent.mkdir()
    try:
        os.link(real, program)
    except OSError:  # another file system
        shutil.copy2(real, program)
    share = real.parent.parent / "share" / "krait"
    shutil.copytree(share, pathlib.Path(folder, "share", "krait"), ignore=shutil.ignore_patterns("typeshed*", "__pycache__"))
    return program, pathlib.Path(folder, "share", "krait", "stdlib")


def make(folder, python):
    """Fills `folder`; returns the program and the folder that holds the package `test`."""
    program, library = install(folder, python)
    package = library / "test"
    package.mkdir()
    changed = {name.partition("/")[0] for name in CHANGES}
    for entry in SUITE.iterdir():
        if entry.name in changed and entry.is_dir():
            shutil.copytree(entry, package / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif entry.name not in changed and entry.name != "__pycache__" and entry.stem not in MOVED.values():
            os.symlink(entry, package / entry.name)
    for name, replacements in CHANGES.items():
        text = (SUITE / name).read_text(encoding="utf-8")
        for old, new in replacements:
            text = text.replace(old, new)
        (package / name).write_text(text, encoding="utf-8")
    for old, new in MOVED.items():
        home = SUITE.parent / old.replace(".", "/")
        for source in home.rglob("*.py"):
            target = package / new / source.relative_to(home)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8")
            text = text.replace(old, f"test.{new}").replace(old.replace(".", os.sep), f"test/{new}")
            # What is made of a traceback is told whether to colour it since 3.14.
            text = text.replace("def format(self):\n            result = ['A traceback']", "def format(self, **named):\n            result = ['A traceback']")
            target.write_text(text, encoding="utf-8")
    for name in REMOVED:
        if (SUITE.parent / name).exists():
            text = (SUITE.parent / name).read_text(encoding="utf-8")
            text = re.sub(r"^(warnings\.)?_deprecated\(", "(lambda *args, **named: None)(", text, flags=re.MULTILINE)
            pathlib.Path(library, name).write_text(text, encoding="utf-8")
    return program, library

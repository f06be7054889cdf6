"""Installs pip from the wheel of Debian's package python3-pip-whl, without the network."""
import glob
import os
import subprocess
import sys

FOLDERS = ("/usr/share/python-wheels", "/usr/share/ensurepip")


def _wheel():
    found = [path for folder in FOLDERS for path in glob.glob(os.path.join(folder, "pip-*.whl"))]
    if not found:
        raise RuntimeError("no pip wheel in " + " or ".join(FOLDERS) + "; install the package python3-pip-whl")
    return max(found)


def version():
    """The version of pip that would be installed."""
    return os.path.basename(_wheel()).split("-")[1]


def bootstrap(*, root=None, upgrade=False, user=False, altinstall=False, default_pip=False, verbosity=0):
    """Installs pip into this interpreter's environment."""
    if altinstall and default_pip:
        raise ValueError("Cannot use altinstall and default_pip together")
    wheel = _wheel()
    arguments = ["install", "--no-cache-dir", "--no-index", "--find-links", os.path.dirname(wheel)]
    if root:
        arguments += ["--root", root]
    if upgrade:
        arguments += ["--upgrade"]
    if user:
        arguments += ["--user"]
    if verbosity:
        arguments += ["-" + "v" * verbosity]
    arguments += ["pip"]
    code = f"import sys; sys.path.insert(0, {wheel!r}); sys.argv[1:] = {arguments!r}; import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)"
    subprocess.run([sys.executable, "-W", "ignore::DeprecationWarning", "-c", code], check=True)

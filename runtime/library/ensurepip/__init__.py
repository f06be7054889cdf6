"""Installs pip from the wheel of Debian's package python3-pip-whl, without the network."""
import glob
import os
import subprocess
import sys
import tempfile
import zipfile

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
    arguments = ["install", "--no-cache-dir", "--no-index", "--ignore-installed"]
    if root:
        arguments += ["--root", root]
    if upgrade:
        arguments += ["--upgrade"]
    if user:
        arguments += ["--user"]
    if verbosity:
        arguments += ["-" + "v" * verbosity]
    with tempfile.TemporaryDirectory() as folder:
        _repair(wheel, os.path.join(folder, os.path.basename(wheel)))
        unpacked = os.path.join(folder, "unpacked")
        with zipfile.ZipFile(os.path.join(folder, os.path.basename(wheel))) as archive:
            archive.extractall(unpacked)
        code = f"import sys; sys.path.insert(0, {unpacked!r}); sys.argv[1:] = {arguments + ['--find-links', folder, 'pip']!r}; import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)"
        subprocess.run([sys.executable, "-W", "ignore::DeprecationWarning", "-c", code], check=True)


def _repair(wheel, target):
    """Copies the wheel without its use of a class that pkgutil had until Python 3.11 (Debian 12's pip is older than that)."""
    gone = b"register_finder(pkgutil.ImpImporter, find_on_path)"
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith("pkg_resources/__init__.py"):
                data = data.replace(gone, b"hasattr(pkgutil, 'ImpImporter') and " + gone)
                data = data.replace(b"register_namespace_handler(pkgutil.ImpImporter", b"hasattr(pkgutil, 'ImpImporter') and register_namespace_handler(pkgutil.ImpImporter")
            new.writestr(item, data)


def _uninstall_helper(*, verbosity=0):
    """Uninstalls pip when it is of this module's version; the exit status, or None when there is nothing to do."""
    try:
        import pip
    except ImportError:
        return None
    if pip.__version__ != version():
        print(f"ensurepip will only uninstall a matching version ({pip.__version__!r} installed, {version()!r} available)", file=sys.stderr)
        return None
    options = ["-" + "v" * verbosity] if verbosity else []
    return subprocess.call([sys.executable, "-m", "pip", "uninstall", "-y", "--disable-pip-version-check", *options, "pip"])

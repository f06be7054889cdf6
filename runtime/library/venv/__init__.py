"""Virtual environments (PEP 405): a folder with a link to the interpreter, its own site-packages and pyvenv.cfg."""
import argparse
import os
import shlex
import shutil
import subprocess
import sys
import types

ACTIVATE = """# Source this from a POSIX shell.
deactivate () {{
    if [ -n "${{_OLD_VIRTUAL_PATH:-}}" ]; then PATH="$_OLD_VIRTUAL_PATH"; export PATH; unset _OLD_VIRTUAL_PATH; fi
    if [ -n "${{_OLD_VIRTUAL_PS1+x}}" ]; then PS1="$_OLD_VIRTUAL_PS1"; unset _OLD_VIRTUAL_PS1; fi
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    if [ "${{1:-}}" != nondestructive ]; then unset -f deactivate; fi
    hash -r 2>/dev/null
}}
deactivate nondestructive
VIRTUAL_ENV={folder}
VIRTUAL_ENV_PROMPT={prompt}
export VIRTUAL_ENV VIRTUAL_ENV_PROMPT
_OLD_VIRTUAL_PATH="$PATH"
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH
if [ -z "${{VIRTUAL_ENV_DISABLE_PROMPT:-}}" ]; then _OLD_VIRTUAL_PS1="${{PS1:-}}"; PS1="($VIRTUAL_ENV_PROMPT) ${{PS1:-}}"; export PS1; fi
hash -r 2>/dev/null
"""


class EnvBuilder:
    """Makes environments; subclasses override post_setup() to add to them."""

    def __init__(self, system_site_packages=False, clear=False, symlinks=True, upgrade=False, with_pip=False,
                 prompt=None, upgrade_deps=False, *, scm_ignore_files=frozenset()):
        self.system_site_packages = system_site_packages
        self.clear = clear
        self.symlinks = symlinks
        self.upgrade = upgrade
        self.with_pip = with_pip
        self.prompt = os.path.basename(os.getcwd()) if prompt == "." else prompt
        self.upgrade_deps = upgrade_deps
        self.scm_ignore_files = frozenset(scm_ignore_files)

    def create(self, env_dir):
        context = self.ensure_directories(os.path.abspath(env_dir))
        wanted, self.system_site_packages = self.system_site_packages, False if self.with_pip else self.system_site_packages
        self.create_configuration(context)
        self.setup_python(context)
        if self.with_pip:
            self._setup_pip(context)
        if not self.upgrade:
            self.setup_scripts(context)
            self.post_setup(context)
        if wanted != self.system_site_packages:
            self.system_site_packages = wanted
            self.create_configuration(context)
        if "git" in self.scm_ignore_files:
            with open(os.path.join(context.env_dir, ".gitignore"), "w", encoding="utf-8") as f:
                f.write("# Created by venv\n*\n")

    def ensure_directories(self, env_dir):
        if os.pathsep in env_dir:
            raise ValueError(f"Refusing to create a venv in {env_dir} because it contains the PATH separator {os.pathsep}.")
        if os.path.exists(env_dir) and not os.path.isdir(env_dir):
            raise ValueError(f"Unable to create directory {env_dir!r}")
        if os.path.isdir(env_dir) and self.clear:
            for name in os.listdir(env_dir):
                path = os.path.join(env_dir, name)
                shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
        context = types.SimpleNamespace()
        context.env_dir = env_dir
        context.env_name = os.path.basename(env_dir)
        context.prompt = self.prompt if self.prompt is not None else context.env_name
        context.executable = sys._base_executable
        context.python_dir, context.python_exe = os.path.split(context.executable)
        version = "python%d.%d" % sys.version_info[:2]
        context.inc_path = os.path.join(env_dir, "include", version)
        context.lib_path = os.path.join(env_dir, "lib", version, "site-packages")
        context.bin_path = os.path.join(env_dir, "bin")
        context.bin_name = "bin"
        context.env_exe = context.env_exec_cmd = os.path.join(context.bin_path, "python")
        for folder in (context.inc_path, context.lib_path, context.bin_path):
            os.makedirs(folder, exist_ok=True)
        return context

    def create_configuration(self, context):
        context.cfg_path = os.path.join(context.env_dir, "pyvenv.cfg")
        with open(context.cfg_path, "w", encoding="utf-8") as f:
            f.write(f"home = {context.python_dir}\n")
            f.write(f"include-system-site-packages = {'true' if self.system_site_packages else 'false'}\n")
            f.write("version = %d.%d.%d\n" % sys.version_info[:3])
            if self.prompt is not None:
                f.write(f"prompt = {self.prompt!r}\n")
            f.write(f"executable = {os.path.realpath(context.executable)}\n")
            f.write(f"command = {sys.executable} -m venv {context.env_dir}\n")

    def setup_python(self, context):
        # The data of the installation is found from the real file, so the interpreter is always linked, never copied.
        for name in ("krait-python", "python", "python3", "python3.14"):
            path = os.path.join(context.bin_path, name)
            if os.path.lexists(path):
                os.remove(path)
            os.symlink(context.executable if name == "krait-python" else "krait-python", path)

    def _setup_pip(self, context):
        command = [context.env_exec_cmd, "-m", "ensurepip", "--upgrade", "--default-pip"]
        environment = dict(os.environ, VIRTUAL_ENV=context.env_dir)
        environment.pop("PYTHONHOME", None)
        subprocess.check_output(command, env=environment, cwd=context.env_dir, stderr=subprocess.STDOUT)

    def setup_scripts(self, context):
        text = ACTIVATE.format(folder=shlex.quote(context.env_dir), prompt=shlex.quote(context.prompt))
        with open(os.path.join(context.bin_path, "activate"), "w", encoding="utf-8") as f:
            f.write(text)

    def post_setup(self, context):
        pass


def create(env_dir, system_site_packages=False, clear=False, symlinks=True, with_pip=False, prompt=None,
           upgrade_deps=False, *, scm_ignore_files=frozenset()):
    """Makes an environment in the folder."""
    EnvBuilder(system_site_packages, clear, symlinks, False, with_pip, prompt, upgrade_deps,
               scm_ignore_files=scm_ignore_files).create(env_dir)


def main(args=None):
    parser = argparse.ArgumentParser(prog="venv", description="Creates virtual Python environments in one or more target directories.")
    parser.add_argument("dirs", metavar="ENV_DIR", nargs="+", help="A directory to create the environment in.")
    parser.add_argument("--system-site-packages", action="store_true", help="Give the virtual environment access to the system site-packages dir.")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--symlinks", action="store_true", default=True, help="Link to the interpreter (always).")
    kinds.add_argument("--copies", dest="symlinks", action="store_false", help="Accepted; the interpreter is linked all the same.")
    parser.add_argument("--clear", action="store_true", help="Delete the contents of the environment directory if it already exists.")
    parser.add_argument("--upgrade", action="store_true", help="Let the environment directory use this version of Python.")
    parser.add_argument("--without-pip", dest="with_pip", action="store_false", help="Do not install pip in the environment.")
    parser.add_argument("--prompt", help="An alternative prompt prefix for this environment.")
    parser.add_argument("--without-scm-ignore-files", dest="scm", action="store_const", const=frozenset(), default=frozenset(["git"]))
    options = parser.parse_args(args)
    if options.upgrade and options.clear:
        raise ValueError("you cannot supply --upgrade and --clear together.")
    builder = EnvBuilder(options.system_site_packages, options.clear, options.symlinks, options.upgrade, options.with_pip,
                         options.prompt, scm_ignore_files=options.scm)
    for folder in options.dirs:
        builder.create(folder)

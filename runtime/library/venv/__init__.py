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

ACTIVATE_FISH = """# Source this from fish.
function deactivate
    if set -q _OLD_VIRTUAL_PATH; set -gx PATH $_OLD_VIRTUAL_PATH; set -e _OLD_VIRTUAL_PATH; end
    if functions -q _old_fish_prompt
        functions -e fish_prompt
        functions -c _old_fish_prompt fish_prompt
        functions -e _old_fish_prompt
    end
    set -e VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    if test "$argv[1]" != nondestructive; functions -e deactivate; end
end
deactivate nondestructive
set -gx VIRTUAL_ENV {folder}
set -gx VIRTUAL_ENV_PROMPT {prompt}
set -gx _OLD_VIRTUAL_PATH $PATH
set -gx PATH $VIRTUAL_ENV/bin $PATH
if not set -q VIRTUAL_ENV_DISABLE_PROMPT
    functions -c fish_prompt _old_fish_prompt
    function fish_prompt
        printf "(%s) " $VIRTUAL_ENV_PROMPT
        _old_fish_prompt
    end
end
"""
ACTIVATE_CSH = """# Source this from csh or tcsh.
alias deactivate 'if ($?_OLD_VIRTUAL_PATH) setenv PATH "$_OLD_VIRTUAL_PATH" && unset _OLD_VIRTUAL_PATH; if ($?_OLD_VIRTUAL_PROMPT) set prompt="$_OLD_VIRTUAL_PROMPT" && unset _OLD_VIRTUAL_PROMPT; unsetenv VIRTUAL_ENV VIRTUAL_ENV_PROMPT; unalias deactivate; rehash'
setenv VIRTUAL_ENV {folder}
setenv VIRTUAL_ENV_PROMPT {prompt}
set _OLD_VIRTUAL_PATH="$PATH"
setenv PATH "$VIRTUAL_ENV/bin:$PATH"
if (! $?VIRTUAL_ENV_DISABLE_PROMPT && $?prompt) then
    set _OLD_VIRTUAL_PROMPT="$prompt"
    set prompt = "($VIRTUAL_ENV_PROMPT) $prompt"
endif
rehash
"""
SCRIPTS = {"activate": ACTIVATE, "activate.fish": ACTIVATE_FISH, "activate.csh": ACTIVATE_CSH}
CORE_VENV_DEPS = ("pip",)


class EnvBuilder:
    """Makes environments; subclasses override post_setup() to add to them."""

    def __init__(self, system_site_packages=False, clear=False, symlinks=False, upgrade=False, with_pip=False,
                 prompt=None, upgrade_deps=False, *, scm_ignore_files=frozenset()):
        self.system_site_packages = system_site_packages
        self.clear = clear
        self.symlinks = symlinks
        self.upgrade = upgrade
        self.with_pip = with_pip
        self.orig_prompt = prompt
        self.prompt = os.path.basename(os.getcwd()) if prompt == "." else prompt if prompt is None else str(prompt)
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
        if self.upgrade_deps:
            self.upgrade_dependencies(context)
        for kind in sorted(self.scm_ignore_files):
            getattr(self, f"create_{kind}_ignore_file")(context)

    def create_git_ignore_file(self, context):
        path = os.path.join(context.env_dir, ".gitignore")
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as f:
                f.write("# Created by venv; see https://docs.python.org/3/library/venv.html\n*\n")

    def ensure_directories(self, env_dir):
        env_dir = os.fspath(env_dir)
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
        lib64 = os.path.join(env_dir, "lib64")
        if sys.maxsize > 2**32 and not os.path.lexists(lib64):
            os.symlink("lib", lib64)
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
            f.write(f"command = {sys.executable} -m venv {' '.join([*self._options(), context.env_dir])}\n")

    def _options(self):
        """The options that make an environment like this one."""
        given = {"--copies": not self.symlinks, "--without-pip": not self.with_pip, "--system-site-packages": self.system_site_packages,
                 "--clear": self.clear, "--upgrade": self.upgrade, "--upgrade-deps": self.upgrade_deps,
                 f'--prompt="{self.orig_prompt}"': self.orig_prompt is not None, "--without-scm-ignore-files": not self.scm_ignore_files}
        return [option for option, is_given in given.items() if is_given]

    def setup_python(self, context):
        # The data of the installation is found from the real file, so the interpreter is always linked, never copied.
        for name in ("krait-python", "python", "python3", "python3.14"):
            path = os.path.join(context.bin_path, name)
            if os.path.lexists(path):
                os.remove(path)
            os.symlink(context.executable if name == "krait-python" else "krait-python", path)

    def _call_new_python(self, context, *arguments, **options):
        environment = dict(os.environ, VIRTUAL_ENV=context.env_dir)
        for name in ("PYTHONHOME", "PYTHONPATH"):
            environment.pop(name, None)
        subprocess.check_output([context.env_exec_cmd, *arguments], env=environment, cwd=context.env_dir,
                                executable=context.env_exec_cmd, **options)

    def _setup_pip(self, context):
        self._call_new_python(context, "-m", "ensurepip", "--upgrade", "--default-pip", stderr=subprocess.STDOUT)

    def upgrade_dependencies(self, context):
        """Brings what every environment has to its newest version."""
        self._call_new_python(context, "-m", "pip", "install", "--upgrade", *CORE_VENV_DEPS)

    def setup_scripts(self, context):
        for name, text in SCRIPTS.items():
            with open(os.path.join(context.bin_path, name), "w", encoding="utf-8") as f:
                f.write(text.format(folder=shlex.quote(context.env_dir), prompt=shlex.quote(context.prompt)))

    def replace_variables(self, text, context):
        """Text of a script with the placeholders that scripts may have filled in."""
        for name, value in (("DIR", context.env_dir), ("NAME", context.env_name), ("PROMPT", context.prompt),
                            ("BIN_NAME", context.bin_name), ("PYTHON", context.env_exe)):
            text = text.replace(f"__VENV_{name}__", shlex.quote(value))
        return text

    def install_scripts(self, context, path):
        """Copies the files of path/common and path/posix to the environment's bin, with their variables filled in."""
        for kind in ("common", "posix"):
            folder = os.path.join(path, kind)
            for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
                source, target = os.path.join(folder, name), os.path.join(context.bin_path, name)
                if os.path.isfile(source):
                    with open(source, encoding="utf-8") as f:
                        text = self.replace_variables(f.read(), context)
                    with open(target, "w", encoding="utf-8") as f:
                        f.write(text)
                    shutil.copymode(source, target)

    def post_setup(self, context):
        pass


def create(env_dir, system_site_packages=False, clear=False, symlinks=False, with_pip=False, prompt=None,
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
    parser.add_argument("--upgrade-deps", action="store_true", help=f"Upgrade core dependencies ({', '.join(CORE_VENV_DEPS)}) to the latest version in PyPI")
    parser.add_argument("--prompt", help="An alternative prompt prefix for this environment.")
    parser.add_argument("--without-scm-ignore-files", dest="scm", action="store_const", const=frozenset(), default=frozenset(["git"]))
    options = parser.parse_args(args)
    if options.upgrade and options.clear:
        raise ValueError("you cannot supply --upgrade and --clear together.")
    builder = EnvBuilder(options.system_site_packages, options.clear, options.symlinks, options.upgrade, options.with_pip,
                         options.prompt, options.upgrade_deps, scm_ignore_files=options.scm)
    for folder in options.dirs:
        builder.create(folder)

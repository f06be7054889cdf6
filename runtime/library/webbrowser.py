"""Shows pages in the user's web browser: the one that BROWSER names, else the first that is installed."""
import os
import shlex
import shutil
import subprocess
import sys
import threading

__all__ = ["Error", "open", "open_new", "open_new_tab", "get", "register"]

_lock = threading.RLock()
_browsers = {}      # name in lower case -> [constructor, instance]
_tryorder = None    # names, the preferred ones first
_os_preferred_browser = None


class Error(Exception):
    pass


def register(name, klass, instance=None, *, preferred=False):
    """Register a browser connector."""
    with _lock:
        if _tryorder is None:
            register_standard_browsers()
        _browsers[name.lower()] = [klass, instance]
        if preferred or (_os_preferred_browser and f"{name}.desktop" == _os_preferred_browser):
            _tryorder.insert(0, name)
        else:
            _tryorder.append(name)


def get(using=None):
    """Return a browser launcher instance appropriate for the environment."""
    if _tryorder is None:
        with _lock:
            if _tryorder is None:
                register_standard_browsers()
    for browser in [using] if using is not None else _tryorder:
        if "%s" in browser:
            words = shlex.split(browser)
            return BackgroundBrowser(words[:-1]) if words[-1] == "&" else GenericBrowser(words)
        try:
            command = _browsers[browser.lower()]
        except KeyError:
            command = _synthesize(browser)
        if command[1] is not None:
            return command[1]
        if command[0] is not None:
            return command[0]()
    raise Error("could not locate runnable browser")


def open(url, new=0, autoraise=True):
    """Display url using the default browser; new: 0 the same window, 1 a new window, 2 a new tab. True if one was launched."""
    if _tryorder is None:
        with _lock:
            if _tryorder is None:
                register_standard_browsers()
    return any(get(name).open(url, new, autoraise) for name in _tryorder)


def open_new(url):
    """Open url in a new window of the default browser."""
    return open(url, 1)


def open_new_tab(url):
    """Open url in a new page ("tab") of the default browser."""
    return open(url, 2)


def _synthesize(browser, *, preferred=False):
    """A controller like that of a known browser whose program has another path; [None, None] when there is none."""
    command = browser.split()[0]
    if not shutil.which(command):
        return [None, None]
    try:
        known = _browsers[os.path.basename(command).lower()]
    except KeyError:
        return [None, None]
    controller = known[1]
    if controller and os.path.basename(command).lower() == controller.basename:
        import copy
        controller = copy.copy(controller)
        controller.name = browser
        controller.basename = os.path.basename(command)
        register(browser, None, instance=controller, preferred=preferred)
        return [None, controller]
    return [None, None]


class BaseBrowser:
    """What all browsers are told by."""
    args = ["%s"]

    def __init__(self, name=""):
        self.name = name
        self.basename = name

    def open(self, url, new=0, autoraise=True):
        raise NotImplementedError

    def open_new(self, url):
        return self.open(url, 1)

    def open_new_tab(self, url):
        return self.open(url, 2)

    @staticmethod
    def _check_url(url):
        """A URL that begins as an option would be taken for one."""
        if url and url.lstrip().startswith("-"):
            raise ValueError(f"Invalid URL (leading dash disallowed): {url!r}")


class GenericBrowser(BaseBrowser):
    """A program that is waited for: a command line with %s for the URL."""

    def __init__(self, name):
        if isinstance(name, str):
            self.name = name
            self.args = ["%s"]
        else:
            self.name = name[0]
            self.args = name[1:]
        self.basename = os.path.basename(self.name)

    def _command(self, url):
        sys.audit("webbrowser.open", url)
        self._check_url(url)
        return [self.name] + [arg.replace("%s", url) for arg in self.args]

    def open(self, url, new=0, autoraise=True):
        try:
            return not subprocess.Popen(self._command(url)).wait()
        except OSError:
            return False


class BackgroundBrowser(GenericBrowser):
    """A program that is started and left alone."""

    def open(self, url, new=0, autoraise=True):
        try:
            return subprocess.Popen(self._command(url), close_fds=True, start_new_session=True).poll() is None
        except OSError:
            return False


class UnixBrowser(BaseBrowser):
    """A program that hands the URL to its running copy."""
    raise_opts = None
    background = False
    redirect_stdout = True
    remote_args = ["%action", "%s"]
    remote_action = None
    remote_action_newwin = None
    remote_action_newtab = None

    def _invoke(self, args, remote, autoraise, url=None):
        raise_option = []
        if remote and self.raise_opts:
            option = self.raise_opts[int(autoraise)]
            raise_option = [option] if option else []
        command = [self.name, *raise_option, *args]
        quiet = subprocess.DEVNULL if remote or self.background else None
        process = subprocess.Popen(command, close_fds=True, stdin=quiet, stdout=(self.redirect_stdout and quiet or None), stderr=quiet, start_new_session=True)
        if not remote:
            if self.background:
                return process.poll() is None
            return not process.wait()
        try:
            return not process.wait(5)
        except subprocess.TimeoutExpired:
            return True

    def open(self, url, new=0, autoraise=True):
        sys.audit("webbrowser.open", url)
        self._check_url(url)
        if new == 0:
            action = self.remote_action
        elif new == 1:
            action = self.remote_action_newwin
        elif new == 2:
            action = self.remote_action if self.remote_action_newtab is None else self.remote_action_newtab
        else:
            raise Error(f"Bad 'new' parameter to open(); expected 0, 1, or 2, got {new}")
        args = [arg.replace("%s", url).replace("%action", action) for arg in self.remote_args]
        args = [arg for arg in args if arg]
        if self._invoke(args, True, autoraise, url):
            return True
        return self._invoke([arg.replace("%s", url) for arg in self.args], False, False)


class Mozilla(UnixBrowser):
    remote_args = ["%action", "%s"]
    remote_action = ""
    remote_action_newwin = "-new-window"
    remote_action_newtab = "-new-tab"
    background = True


class Epiphany(UnixBrowser):
    raise_opts = ["-noraise", ""]
    remote_args = ["%action", "%s"]
    remote_action = "-n"
    remote_action_newwin = "-w"
    background = True


class Chrome(UnixBrowser):
    remote_args = ["%action", "%s"]
    remote_action = ""
    remote_action_newwin = "--new-window"
    remote_action_newtab = ""
    background = True


Chromium = Chrome


class Opera(UnixBrowser):
    remote_args = ["%action", "%s"]
    remote_action = ""
    remote_action_newwin = "--new-window"
    remote_action_newtab = ""
    background = True


class Elinks(UnixBrowser):
    remote_args = ["-remote", "openURL(%s%action)"]
    remote_action = ""
    remote_action_newwin = ",new-window"
    remote_action_newtab = ",new-tab"
    background = False
    redirect_stdout = False


class Konqueror(BaseBrowser):
    """KDE's file manager and browser, through kfmclient when it is there."""

    def open(self, url, new=0, autoraise=True):
        sys.audit("webbrowser.open", url)
        self._check_url(url)
        action = "newTab" if new == 2 else "openURL"
        quiet = subprocess.DEVNULL
        for command, waits in ((["kfmclient", action, url], True), (["konqueror", "--silent", url], False), (["kfm", "-d", url], False)):
            try:
                process = subprocess.Popen(command, close_fds=True, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=not waits)
            except OSError:
                continue
            if waits:
                process.wait()
                return True
            return process.poll() is None
        return False


class Edge(UnixBrowser):
    remote_args = ["%action", "%s"]
    remote_action = ""
    remote_action_newwin = "--new-window"
    remote_action_newtab = ""
    background = True


def register_X_browsers():
    for name in ("xdg-open", "gvfs-open", "x-www-browser"):
        if shutil.which(name):
            register(name, None, BackgroundBrowser(name))
    if "GNOME_DESKTOP_SESSION_ID" in os.environ and shutil.which("gnome-open"):
        register("gnome-open", None, BackgroundBrowser("gnome-open"))
    if "KDE_FULL_SESSION" in os.environ and shutil.which("kfmclient"):
        register("kfmclient", Konqueror, Konqueror("kfmclient"))
    for kind, names in ((Mozilla, ("firefox", "iceweasel", "seamonkey", "mozilla-firefox", "mozilla")), (Epiphany, ("epiphany",)),
                        (Chrome, ("google-chrome", "chrome", "chromium", "chromium-browser")), (Opera, ("opera",)), (Edge, ("microsoft-edge",))):
        for name in names:
            if shutil.which(name):
                register(name, None, kind(name))
    if shutil.which("konqueror"):
        register("konqueror", Konqueror, Konqueror("konqueror"))


def register_standard_browsers():
    global _tryorder, _os_preferred_browser
    _tryorder = []
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        try:
            command = ["xdg-settings", "get", "default-web-browser"]
            _os_preferred_browser = subprocess.check_output(command, stderr=subprocess.DEVNULL).decode().strip()
        except (OSError, subprocess.CalledProcessError):
            pass
        register_X_browsers()
    if os.environ.get("TERM"):
        for name in ("www-browser", "links", "lynx", "w3m"):
            if shutil.which(name):
                register(name, None, GenericBrowser(name))
        if shutil.which("elinks"):
            register("elinks", None, Elinks("elinks"))
    preferred = [name for name in os.environ.get("BROWSER", "").split(os.pathsep) if name]
    for name in reversed(preferred):
        if not _synthesize(name, preferred=True)[1]:
            _tryorder.insert(0, name)


def parse_args(arg_list):
    import argparse
    parser = argparse.ArgumentParser(description="Open URL in a web browser.", color=True)
    parser.add_argument("url", help="URL to open")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("-n", "--new-window", action="store_const", const=1, default=0, dest="new_win", help="open new window")
    group.add_argument("-t", "--new-tab", action="store_const", const=2, default=0, dest="new_win", help="open new tab")
    return parser.parse_args(arg_list)


def main(arg_list=None):
    args = parse_args(arg_list)
    open(args.url, args.new_win)
    print("\a")


if __name__ == "__main__":
    main()

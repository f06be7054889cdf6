# needs: /usr/share/python-wheels
import os
import subprocess
import sys
import zipfile

info = "hello-1.0.dist-info/"
with zipfile.ZipFile("hello-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("hello/__init__.py", "def hi():\n    return 'hello from a wheel'\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(info + "RECORD", f"hello/__init__.py,,\n{info}METADATA,,\n{info}WHEEL,,\n{info}RECORD,,\n")
environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
subprocess.run([sys.executable, "-m", "venv", "env"], check=True, env=environment, timeout=100)
subprocess.run(["env/bin/python", "-m", "pip", "install", "-q", "--no-index", "./hello-1.0-py3-none-any.whl"], check=True, env=environment, timeout=100)
out = subprocess.run(["env/bin/python", "-c", "import hello; print(hello.hi())"], check=True, env=environment, capture_output=True, text=True).stdout
assert out == "hello from a wheel\n", out
listed = subprocess.run(["env/bin/python", "-m", "pip", "list", "--format", "freeze"], check=True, env=environment, capture_output=True, text=True).stdout
assert "hello==1.0" in listed, listed

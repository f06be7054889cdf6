# needs: django
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

pathlib.Path("shop").mkdir()
pathlib.Path("shop/__init__.py").write_text("")
pathlib.Path("shop/models.py").write_text("""
from django.db import models
class Item(models.Model):
    name = models.CharField(max_length=20, unique=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    made = models.DateTimeField(auto_now_add=True)
""")
pathlib.Path("settings.py").write_text("""
SECRET_KEY = 'x'
DEBUG = True
ALLOWED_HOSTS = ['*']
ROOT_URLCONF = 'urls'
USE_TZ = True
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth', 'shop']
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}
TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates'}]
""")
pathlib.Path("urls.py").write_text("""
from django.http import JsonResponse
from django.urls import path
from shop.models import Item
def items(request):
    return JsonResponse({'items': [[i.name, str(i.price)] for i in Item.objects.filter(price__gt=1).order_by('-price')]})
urlpatterns = [path('items/', items)]
""")
environment = dict(os.environ, DJANGO_SETTINGS_MODULE="settings", PYTHONPATH=os.getcwd() + os.pathsep + os.environ["PYTHONPATH"])


def manage(*args):
    subprocess.run([sys.executable, "-W", "ignore", "-m", "django", *args], check=True, env=environment, timeout=100)


manage("makemigrations", "shop")
manage("migrate", "-v", "0")
code = """
import django; django.setup()
from decimal import Decimal
from django.db import IntegrityError, transaction
from django.db.models import Avg, Count
from shop.models import Item
Item.objects.create(name='tea', price=Decimal('2.50')); Item.objects.create(name='salt', price=1); Item.objects.create(name='jam', price='4.25')
try:
    with transaction.atomic():
        Item.objects.create(name='tea', price=3)
    raise SystemExit('no error')
except IntegrityError:
    pass
assert Item.objects.aggregate(n=Count('id'), a=Avg('price'))['n'] == 3
assert Item.objects.get(name='jam').price == Decimal('4.25')
"""
subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, env=environment, timeout=100)
import socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
server = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "django", "runserver", "--noreload", f"127.0.0.1:{port}"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    while True:
        try:
            body = urllib.request.urlopen(f"http://127.0.0.1:{port}/items/", timeout=10).read()
            break
        except OSError:
            assert server.poll() is None, "the server ended before it answered"
            time.sleep(0.2)
    assert body == b'{"items": [["jam", "4.25"], ["tea", "2.50"]]}', body
finally:
    server.terminate()
    server.wait()

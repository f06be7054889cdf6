
from django.http import JsonResponse
from django.urls import path
from shop.models import Item
def items(request):
    return JsonResponse({'items': [[i.name, str(i.price)] for i in Item.objects.filter(price__gt=1).order_by('-price')]})
urlpatterns = [path('items/', items)]

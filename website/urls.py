from django.urls import path

from website import views

app_name = "website"

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    # Last of all addresses: any word that nothing else answers to may be a page.
    path("<slug:slug>/", views.own_page, name="page"),
    path("<slug:slug>/<int:number>/", views.own_page_version, name="page_version"),
]

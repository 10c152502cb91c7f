from django.urls import path

from website import searching, views

app_name = "website"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", searching.search, name="search"),
    path("search/suggestions.json", searching.suggest, name="suggest"),
    path("opensearch.xml", searching.description, name="opensearch"),
    path("healthz", views.healthz, name="healthz"),
]

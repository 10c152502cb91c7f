from django.urls import path

from articles import draft_views

app_name = "draft"

urlpatterns = [
    path("<str:signed>/", draft_views.page, name="page"),
    path("<str:signed>/files/<path:name>", draft_views.file, name="file"),
]

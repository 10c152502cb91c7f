from django.urls import path

from timeline import views

app_name = "timeline"

urlpatterns = [
    path("", views.timeline, name="list"),
    path("embed/", views.embedded, name="embed"),
    path("<uuid:uid>/", views.event, name="event"),
]

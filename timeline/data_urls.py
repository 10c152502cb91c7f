"""The timeline as files: /timeline.json and the like, with the filters of the page."""

from django.urls import path

from timeline import views

app_name = "timeline-data"

urlpatterns = [
    path("json", views.as_json, name="json"),
    path("csv", views.as_csv, name="csv"),
    path("ics", views.as_ics, name="ics"),
    path("timelinejs.json", views.as_timelinejs, name="timelinejs"),
    # What the drawing asks for.
    path("days.json", views.days, name="days"),
    path("names.json", views.names, name="names"),
]

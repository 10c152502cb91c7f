"""Feeds of the whole site."""

from django.urls import path

from comments import views

app_name = "comment_feeds"

urlpatterns = [
    path("comments.atom", views.site_feed, name="comments"),
    path("comments.json", views.site_feed, name="comments-json"),
]

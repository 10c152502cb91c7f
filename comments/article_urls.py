"""Addresses below an article's own."""

from django.urls import path

from comments import views

app_name = "discussion"

urlpatterns = [
    path("<slug:slug>/comments/", views.comments, name="comments"),
    path("<slug:slug>/comments.atom", views.article_feed, name="feed"),
    path("<slug:slug>/comments.json", views.article_feed, name="feed-json"),
    path("<slug:slug>/comments/stamp", views.stamp, name="stamp"),
    path("<slug:slug>/comments/challenge/", views.challenge, name="challenge"),
    path("<slug:slug>/feedback/", views.feedback, name="feedback"),
    path("<slug:slug>/suggest/", views.suggest, name="suggest"),
    path("<slug:slug>/ask/", views.ask, name="ask"),
]

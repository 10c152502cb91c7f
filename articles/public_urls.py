"""Addresses outside /articles/ that read publications."""

from django.urls import path

from articles import views

urlpatterns = [
    path("corrections/", views.corrections, name="corrections"),
    path("people/", views.people, name="people"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("media/<path:name>", views.file, name="file"),
]

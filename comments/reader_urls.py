"""Addresses below /readers/: what concerns a reader's own e-mail address."""

from django.urls import path

from comments.views import readers

app_name = "readers"

urlpatterns = [
    path("", readers.ask, name="ask"),
    path("confirm/<str:signed>/", readers.confirm, name="confirm"),
    path("follow/<slug:slug>/", readers.follow, name="follow"),
    path("stop/<str:signed>/", readers.stop, name="stop"),
    path("mine/<str:signed>/", readers.mine, name="mine"),
    path("mine/<str:signed>/everything.json", readers.everything, name="everything"),
]

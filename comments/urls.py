from django.urls import path

from comments import views

app_name = "comments"

urlpatterns = [
    path("<int:pk>/", views.comment, name="comment"),
    path("<int:pk>.atom", views.thread_feed, name="feed"),
    path("<int:pk>.json", views.thread_feed, name="feed-json"),
    path("<int:pk>/vote/", views.vote, name="vote"),
    path("<int:pk>/report/", views.report, name="report"),
]

from django.urls import path

from comments import views

app_name = "suggestions"

urlpatterns = [
    path("<int:pk>/", views.suggestion, name="suggestion"),
]

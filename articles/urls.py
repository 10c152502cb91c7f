from django.urls import path

from articles import views

app_name = "articles"

urlpatterns = [
    path("", views.article_list, name="list"),
    path("<slug:slug>.json", views.data, name="data"),
    path("<slug:slug>/", views.article, name="article"),
    path("<slug:slug>/picture/<str:digest>.png", views.share_picture, name="share-picture"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/history/find/", views.find_version, name="find-version"),
    path("<slug:slug>/history/chain/", views.chain, name="chain"),
    path("<slug:slug>/history/<int:number>.json", views.version_data, name="version-data"),
    path("<slug:slug>/history/<int:number>/", views.version, name="version"),
    path("<slug:slug>/history/<int:number>/changes/", views.changes, name="changes"),
    path("<slug:slug>/cite/<str:style>", views.cite, name="cite"),
    path("<slug:slug>/at/<str:day>/", views.at_date, name="at"),
]

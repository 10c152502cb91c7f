from django.urls import path

from website import discovery, feeds, searching, views

app_name = "website"

urlpatterns = [
    path("", views.home, name="home"),
    path("feeds/articles.atom", feeds.articles_atom, name="articles-atom"),
    path("feeds/articles.json", feeds.articles_json, name="articles-json"),
    path("feeds/corrections.atom", feeds.corrections_atom, name="corrections-atom"),
    path("feeds/corrections.json", feeds.corrections_json, name="corrections-json"),
    path("sitemap.xml", discovery.sitemap_index, name="sitemap"),
    path("sitemap-lists.xml", discovery.sitemap_of_lists, name="sitemap-lists"),
    path(
        "sitemap-articles-<int:number>.xml", discovery.sitemap_of_articles, name="sitemap-articles"
    ),
    path("sitemap-events-<int:number>.xml", discovery.sitemap_of_events, name="sitemap-events"),
    path("robots.txt", discovery.robots, name="robots"),
    path(".well-known/security.txt", discovery.security, name="security"),
    path("search/", searching.search, name="search"),
    path("search/suggestions.json", searching.suggest, name="suggest"),
    path("opensearch.xml", searching.description, name="opensearch"),
    path("favicon.ico", discovery.favicon, name="favicon"),
    path("site.webmanifest", discovery.manifest, name="manifest"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    # Last of all addresses: any word that nothing else answers to may be a page.
    path("<slug:slug>/", views.own_page, name="page"),
    path("<slug:slug>/<int:number>/", views.own_page_version, name="page_version"),
]

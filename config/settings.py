"""The one settings file.

Every deployment choice is an environment variable, read by a typed reader of
``config.env`` that refuses nonsense with a sentence. There is no development
or production fork: ``DEBUG`` alone changes what an error page tells.
"""

from pathlib import Path

from django.utils.csp import CSP

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var")

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.secret_key(DATA_DIR)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SITE_NAME = env.text("SITE_NAME", default="On Record")
# For links in e-mail, which no request asks for.
SITE_ADDRESS = env.web_address(
    "SITE_ADDRESS", default=f"http://127.0.0.1:{env.integer('PORT', default=8000)}"
)

# Apps, from the top of the house to its foundation: each may import those
# below it and none above (docs/architecture.md; kept by tests/test_architecture.py).
INSTALLED_APPS = [
    "website",
    "comments",
    "timeline",
    "faq",
    "articles",
    "library",
    "publishing",
    # Parts that a newsroom adds: an app with a parts.py needs no line here.
    *env.words("EXTRA_APPS", default=[]),
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "markdownx",
    "django_filters",
    "django_tasks_db",
]

MIDDLEWARE = [
    # First, so that what it keeps is the page with every header that the rest adds.
    "publishing.pages.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before the policies: styles, scripts and letters have no use for them, and are small.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "publishing.editing.policy.AdminPolicyMiddleware",
    "publishing.editing.zone.EditorsZoneMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "publishing.refusals.RefusalsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "publishing.pages.site",
            ],
        },
    },
]

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "on-record.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL", "memory:")}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = env.language("LANGUAGE_CODE", default="en-gb")
# A site's own translations come before those of this code.
LOCALE_PATHS = [DATA_DIR / "locale", BASE_DIR / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", default="UTC")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "website.joined_files.JoinedFiles",
]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "publishing.static_files.HashedStaticFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Readers have no session: their pages neither read nor set a cookie.
SESSION_COOKIE_PATH = "/admin/"
CSRF_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.boolean("HTTPS", default=False)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Behind a proxy: only an address listed here may say who the reader is and
# whether the reader came by https.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", default=[])
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# With no-referrer Chromium sends "Origin: null" on the page's own forms.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing but what is named: no frames, media, plug-ins or workers from elsewhere, nothing inline.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# Who may frame the timeline that is made for it: "*" is everybody, "'none'" nobody.
EMBEDDED_BY = env.words("EMBEDDED_BY", default=["*"])

# A request that a reader's form may send: more is refused with 413.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# An article's form has about eight fields for each fact, section and link.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

MAILERS = {"default": env.email("EMAIL_URL", "console:")}
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL", default="editors@localhost")

# Kept pages: see publishing/pages.py.
PAGE_CACHE = env.boolean("PAGE_CACHE", default=True)
PAGE_CACHE_BYTES = env.integer("PAGE_CACHE_MEGABYTES", default=64, minimum=1) * 1024 * 1024

# Does nobody approve or publish their own last edit?
FOUR_EYES = env.boolean("FOUR_EYES", default=False)

# Whom to tell of a hole in the site's security, as mailto: or https: address; security.txt says so.
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")

# A fact is marked as due for a check when its "as of" is older than this.
STALE_AFTER_DAYS = env.integer("STALE_AFTER_DAYS", default=180, minimum=1)

# Whether the worker asks, weekly, if the addresses of cited sources still answer.
CHECK_SOURCES = env.boolean("CHECK_SOURCES", default=True)

MARKDOWNX_MARKDOWNIFY_FUNCTION = "library.previewing.preview"
MARKDOWNX_SERVER_CALL_LATENCY = 500

# A long table of names, kept in its own file.
from config.admin_look import UNFOLD  # noqa: E402, F401

LOG_LEVEL = env.choice("LOG_LEVEL", "WARNING", {"DEBUG", "INFO", "WARNING", "ERROR"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}

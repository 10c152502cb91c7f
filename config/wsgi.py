"""The WSGI application: Django behind the door that answers from kept pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django_application = get_wsgi_application()

from publishing.door import Door  # noqa: E402  (needs the settings that the line above loads)

application = Door(django_application)

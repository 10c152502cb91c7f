"""The library: people, images, sources, topics, and where each is used."""

from library.admin import finders
from library.admin.images import ImageAdmin
from library.admin.reference import PersonAdmin, SourceAdmin, TopicAdmin

__all__ = ["ImageAdmin", "PersonAdmin", "SourceAdmin", "TopicAdmin", "finders"]

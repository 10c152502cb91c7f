"""What the site itself remembers: which rights its roles were given, which filters editors keep."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# What an address of a list asks for besides its filter.
NOT_A_FILTER = {"p", "all", "e", "_popup", "_to_field", "_changelist_filters"}


class RightGiven(models.Model):
    """That a role was given a right once: if an administrator took it away since, it stays away."""

    role = models.CharField(_("role"), max_length=60)
    right = models.CharField(_("right"), max_length=160)

    class Meta:
        verbose_name = _("right given")
        verbose_name_plural = _("rights given")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["role", "right"], name="right_given_once_to_role")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.right}"


class SavedFilterQuerySet(models.QuerySet):
    def for_account(self, user: models.Model) -> "SavedFilterQuerySet":
        """An account's own filters and those that administrators share, by name."""
        shown = self.filter(Q(owner=user) | Q(is_shared=True))
        return shown.order_by("name", "pk")


class SavedFilter(models.Model):
    """The filter, search and order of one list of the desk, under a name."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="saved_filters",
    )
    # The model that is listed, such as "articles.article".
    list = models.CharField(_("list"), max_length=100)
    query = models.TextField(_("filter"), max_length=2000)
    name = models.CharField(_("name"), max_length=60)
    is_shared = models.BooleanField(
        _("for everybody"),
        default=False,
        help_text=_("Everybody who may open the list sees it above the list."),
    )

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        permissions = [("share_savedfilter", _("Can share saved filters with everybody"))]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list", "name"], name="saved_filter_name_once_for_owner_and_list"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The address of the list, filtered."""
        label, model = self.list.split(".")
        return f"{reverse(f'admin:{label}_{model}_changelist')}?{self.query}"

    @property
    def listed(self) -> type[models.Model] | None:
        """The model that is listed, None if its app is not installed any more."""
        try:
            return apps.get_model(self.list)
        except (LookupError, ValueError):
            return None

    @property
    def list_title(self) -> str:
        """What is listed, in words."""
        return capfirst(str(self.listed._meta.verbose_name_plural)) if self.listed else self.list

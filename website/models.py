"""What the site itself remembers: its own pages, the rights of roles, the filters of editors."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import Resolver404, resolve, reverse
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


class PageQuerySet(models.QuerySet):
    def public(self) -> "PageQuerySet":
        """Pages that readers may see, by title."""
        return self.filter(is_public=True).order_by("title", "pk")


class Page(models.Model):
    """A page of the site's own, such as the rules for comments, at an address right below the root.

    Written by ``website.pages.save_page``, which keeps what readers saw before.
    """

    slug = models.SlugField(
        _("address"),
        max_length=70,
        unique=True,
        help_text=_("Letters, figures and hyphens: “about” is the page /about/."),
    )
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=60_000)
    is_public = models.BooleanField(_("readers can see it"), default=False)
    changed_at = models.DateTimeField(_("last changed"), editable=False)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.CheckConstraint(
                name="page_has_title_and_text", condition=~Q(title="") & ~Q(body="")
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("website:page", args=[self.slug])

    def clean(self) -> None:
        """Refuse an address at which something else of the site answers."""
        try:
            found = resolve(f"/{self.slug}/").view_name
        except Resolver404:
            return
        if found != "website:page":
            raise ValidationError({"slug": _("Something else stands at this address already.")})


class PageVersion(models.Model):
    """What readers saw of a page from a moment on. Never changed."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField()
    shown_from = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["page", "-number"]
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="page_version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"

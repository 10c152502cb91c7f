"""The bans that hold, as moderators see and lift them. They are made on a comment's own page."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.admin.showing import moment
from comments.banning import lift
from comments.models import Ban
from comments.moderating import name_of
from publishing.editing.choices import address_in_admin
from publishing.editing.desk import DeskAdmin
from publishing.editing.lists import RowsMadeElsewhere
from publishing.readers import network_key_changes_at
from publishing.whole_numbers import whole_number

ON_A_PAGE = 100


@admin.register(Ban)
class BanAdmin(RowsMadeElsewhere, DeskAdmin):
    """One list, with a button at each ban that holds."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the bans, those that hold first, and lift one."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._lift(request)
        now = timezone.now()
        bans = Ban.objects.select_related("made_by").order_by("-ends_at", "-pk")
        chosen = Paginator(bans, ON_A_PAGE).get_page(request.GET.get("page"))
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            "admin/comments/bans.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Bans"),
                "opts": self.opts,
                "bans": [(ban, ban.ends_at > now, _made(ban)) for ban in chosen],
                "page": chosen,
                "keys_change_at": network_key_changes_at(now),
                "may_lift": self.has_change_permission(request),
                **(extra_context or {}),
            },
        )

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """Lead to the list: a ban has no page of its own."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(address_in_admin(Ban, "changelist"))

    def _lift(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        ban = get_object_or_404(Ban, pk=whole_number(request.POST.get("lift")))
        if lift(ban, request.user):
            messages.success(request, _("The ban is lifted: comments are taken again."))
        else:
            messages.info(request, _("This ban had ended already."))
        return HttpResponseRedirect(address_in_admin(Ban, "changelist"))


def _made(ban: Ban) -> str:
    when = moment(ban.made_at)
    if ban.made_by is None:
        return when
    return _("%(when)s, by %(name)s") % {"when": when, "name": name_of(ban.made_by)}

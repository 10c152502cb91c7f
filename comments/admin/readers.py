"""Readers and the mail to them, as moderators see them: only to be read."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from comments import mailing
from comments.admin.showing import moment
from comments.models import Comment, OutgoingMail, Reader
from publishing.editing.lists import OnlyToRead

State = Comment.State


class ConfirmedFilter(admin.SimpleListFilter):
    """Whether the address was proved."""

    title = gettext_lazy("address")
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("yes", _("Confirmed")), ("no", _("Not confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if self.value() in ("yes", "no"):
            return queryset.filter(confirmed_at__isnull=self.value() == "no")
        return None


@admin.register(Reader)
class ReaderAdmin(OnlyToRead, ModelAdmin):
    """Who gave an address, and how what they wrote was received."""

    list_display = ["address", "proved", "wrote", "standing", "seen"]
    list_per_page = 50
    show_full_result_count = False
    list_filter = [ConfirmedFilter]
    search_fields = ["email"]
    search_help_text = gettext_lazy("E-mail")
    readonly_fields = [
        "address",
        "proved",
        "wrote",
        "standing",
        "follows_count",
        "mail_wish",
        "seen",
    ]
    fields = readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Of those that are proved to be theirs: a typed address says nothing about its owner.
        proved = Q(confirmed_at__isnull=False)
        return (
            super()
            .get_queryset(request)
            .annotate(
                written=_counted(Q()),
                approved=_counted(proved & Q(state=State.APPROVED)),
                refused=_counted(proved & Q(state__in=[State.REJECTED, State.SPAM])),
            )
        )

    @admin.display(description=gettext_lazy("e-mail"), ordering="email")
    def address(self, reader: Reader) -> str:
        return reader.email or _("forgotten")

    @admin.display(description=gettext_lazy("confirmed"), ordering="confirmed_at")
    def proved(self, reader: Reader) -> str:
        return moment(reader.confirmed_at) if reader.confirmed_at else _("Not confirmed")

    @admin.display(description=gettext_lazy("comments"))
    def wrote(self, reader: Reader) -> SafeString | str:
        if not reader.written:
            return "–"
        query = urlencode({"state": "all", "q": reader.email})
        url = reverse("admin:comments_comment_changelist")
        return format_html('<a class="desk-link" href="{}?{}">{}</a>', url, query, reader.written)

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, reader: Reader) -> str:
        return _("%(approved)d approved, %(refused)d refused") % {
            "approved": reader.approved,
            "refused": reader.refused,
        }

    @admin.display(description=gettext_lazy("follows"))
    def follows_count(self, reader: Reader) -> str:
        return str(reader.follows.filter(confirmed_at__isnull=False).count())

    @admin.display(description=gettext_lazy("mail"))
    def mail_wish(self, reader: Reader) -> str:
        since = reader.wants_no_mail_since
        return _("Wants none since %s") % moment(since) if since else _("May be sent")

    @admin.display(description=gettext_lazy("first seen"), ordering="made_at")
    def seen(self, reader: Reader) -> str:
        return moment(reader.made_at)


def _counted(condition: Q) -> Coalesce:
    theirs = Comment.objects.filter(condition, reader=OuterRef("pk")).order_by()
    counted = theirs.values("reader").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


STATES = {
    "waiting": gettext_lazy("Waiting"),
    "going": gettext_lazy("Being sent"),
    "sent": gettext_lazy("Sent"),
    "may-have-gone": gettext_lazy("May have gone"),
    "given-up": gettext_lazy("Given up"),
}


class MailStateFilter(admin.SimpleListFilter):
    """What became of a mail."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        condition = mailing.states().get(self.value() or "")
        return queryset.filter(condition) if condition else None


@admin.register(OutgoingMail)
class OutgoingMailAdmin(OnlyToRead, ModelAdmin):
    """The outbox of thirty days: who is mailed about what, and whether it went."""

    list_display = ["kind", "to", "stands", "made", "due", "failures"]
    list_per_page = 50
    show_full_result_count = False
    list_filter = [MailStateFilter, "kind"]
    list_select_related = ["reader"]
    search_fields = ["reader__email"]
    search_help_text = gettext_lazy("E-mail")
    readonly_fields = ["kind", "to", "stands", "explained", "made", "due", "sent", "failures"]
    fields = readonly_fields

    @admin.display(description=gettext_lazy("to"), ordering="reader__email")
    def to(self, mail: OutgoingMail) -> str:
        return mail.reader.email or _("forgotten")

    @admin.display(description=gettext_lazy("state"))
    def stands(self, mail: OutgoingMail) -> str:
        return str(STATES[mailing.state_of(mail)])

    @admin.display(description=gettext_lazy("what that means"))
    def explained(self, mail: OutgoingMail) -> str:
        return {
            "waiting": _("It is sent when it is due, or tried again after a refusal."),
            "going": _("The mail server is being told."),
            "sent": _("The mail server has taken it."),
            "may-have-gone": _(
                "The worker was stopped, or the line broke, while the mail server was being told. "
                "It is not sent again, so that nobody gets it twice."
            ),
            "given-up": _("The mail server refused it for three days, or for good."),
        }[mailing.state_of(mail)]

    @admin.display(description=gettext_lazy("made"), ordering="made_at")
    def made(self, mail: OutgoingMail) -> str:
        return moment(mail.made_at)

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, mail: OutgoingMail) -> str:
        return moment(mail.due_at)

    @admin.display(description=gettext_lazy("sent"), ordering="sent_at")
    def sent(self, mail: OutgoingMail) -> str:
        return moment(mail.sent_at) if mail.sent_at else "–"

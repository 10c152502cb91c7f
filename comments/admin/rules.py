"""The rules for comments as moderators set them: the site's and each article's, a page for each."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
)

from articles.admin.more import MorePage, add_page
from articles.models import Article
from comments.models import DiscussionRules
from comments.rules import CHOICES, DEFAULTS, WORDS, Rules, lines_of, rules_for, said_by, set_rules
from comments.wordlists import MOST_ENTRIES, words_in
from publishing.editing.desk import DeskAdmin
from publishing.editing.lists import RowsMadeElsewhere

LONGEST_ENTRY = 100
FOUND = 20


def _number(most: int, label: Any, help_text: Any) -> forms.IntegerField:
    widget = UnfoldAdminIntegerFieldWidget(attrs={"min": 0, "max": most})
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=most,
        widget=widget,
        error_messages={
            "invalid": gettext_lazy("Write a whole number, or leave this empty."),
            "min_value": gettext_lazy("Write 0 or more, or leave this empty."),
            "max_value": gettext_lazy("Write at most %(limit_value)s."),
        },
    )


def _yes_or_no(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        empty_value=None,
        coerce=lambda value: value == "True",
        widget=UnfoldAdminRadioSelectWidget(radio_style=admin.VERTICAL),
    )


def _words(label: Any, help_text: Any) -> forms.CharField:
    widget = UnfoldAdminTextareaWidget({"rows": 5})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


class RulesForm(forms.Form):
    """What the rules of the site, or of one article, say; what is left empty is said elsewhere."""

    is_moderated_first = _yes_or_no(
        gettext_lazy("When comments appear"),
        gettext_lazy(
            "At once: what nothing below holds is shown, and moderators read it later. Readers who "
            "are trusted need not wait in either case; the next two fields say who that is."
        ),
    )
    trusted_after = _number(
        100,
        gettext_lazy("Approved comments until a reader is trusted"),
        gettext_lazy(
            "Only comments count whose e-mail address their reader has proved to have; typing an "
            "address proves nothing. 0: nobody is trusted."
        ),
    )
    trusted_within_days = _number(
        3_650,
        gettext_lazy("Days without a refused comment until a reader is trusted"),
        gettext_lazy("One rejected comment, or one called spam, and the days begin anew."),
    )
    closes_after_days = _number(
        36_500,
        gettext_lazy("Days until the discussion closes"),
        gettext_lazy(
            "Counted from the moment at which the article first went live. Where the article says "
            "itself until when comments are open, the earlier of the two holds. 0: never."
        ),
    )
    slow_mode_seconds = _number(
        86_400,
        gettext_lazy("Slow mode: seconds between two comments"),
        gettext_lazy(
            "Of one reader, or of one network, on one article. Whoever is too quick is told when "
            "there is room. 0: no slow mode; five in ten minutes from one network stay the limit."
        ),
    )
    most_links = _number(
        100,
        gettext_lazy("Links that a comment may have"),
        gettext_lazy("One with more waits for a moderator. 0: each comment with a link waits."),
    )
    held_words = _words(
        gettext_lazy("Words that make a comment wait"),
        gettext_lazy(
            "One entry a line, a word or several. Whole words count, whatever their capitals and "
            "accents: “ass” is not in “class”."
        ),
    )
    refused_words = _words(
        gettext_lazy("Words that refuse a comment"),
        gettext_lazy(
            "As above. The comment is kept as rejected, where moderators can find and approve it; "
            "its writer is told that it has words which are not taken here."
        ),
    )
    hidden_after_reports = _number(
        100,
        gettext_lazy("Reports after which a comment is hidden"),
        gettext_lazy(
            "Each from another network. It then waits for a moderator, who may show it again. "
            "0: reports hide nothing."
        ),
    )
    asks_proof_of_work = _yes_or_no(
        gettext_lazy("Proof of work"),
        gettext_lazy(
            "The reader’s computer solves a puzzle while they write, which takes a second or so, "
            "and makes thousands of comments expensive. A comment that comes without, because "
            "scripts are off for instance, waits for a moderator."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, article: Article | None, above: Rules, **options: Any) -> None:
        self.article = article
        said = said_by(article)
        options.setdefault("initial", {**said, "seen": _digest(said)})
        super().__init__(*args, **options)
        self.said = said
        present = _("As the site says: %s") if article else _("As usual: %s")
        for name, choices in _SAID_IN_WORDS.items():
            as_above = present % str(choices[getattr(above, name)]).lower()
            chosen = [(str(value), words) for value, words in choices.items()]
            self.fields[name].choices = [("", as_above), *chosen]
        for name in CHOICES:
            if name not in _SAID_IN_WORDS:
                self._tell_default(self.fields[name], getattr(above, name))
        for name in WORDS if article else ():
            self.fields[name].help_text = _(
                "%(help)s These are added to the words of the site, of which there are %(count)d."
            ) % {"help": self.fields[name].help_text, "count": len(getattr(above, name))}

    def _tell_default(self, field: forms.Field, value: int) -> None:
        words = _("%(help)s Left empty: as the site says, %(value)s.")
        words = words if self.article else _("%(help)s Left empty: %(value)s.")
        field.help_text = words % {"help": field.help_text, "value": f"{value:,}"}
        field.widget.attrs["placeholder"] = value

    def clean_held_words(self) -> str:
        return self._clean_words("held_words")

    def clean_refused_words(self) -> str:
        return self._clean_words("refused_words")

    def _clean_words(self, name: str) -> str:
        entries = tuple(dict.fromkeys(lines_of(self.cleaned_data[name])))
        if len(entries) > MOST_ENTRIES:
            raise ValidationError(
                _("These are %(count)s entries; at most %(most)s fit.")
                % {"count": f"{len(entries):,}", "most": f"{MOST_ENTRIES:,}"}
            )
        for entry in entries:
            if len(entry) > LONGEST_ENTRY:
                raise ValidationError(
                    _("“%(entry)s…” is longer than %(most)d characters.")
                    % {"entry": entry[:30], "most": LONGEST_ENTRY}
                )
            if not words_in(entry):
                raise ValidationError(
                    _("“%s” has no letter and no figure, so no comment would ever have it in it.")
                    % entry
                )
        return "\n".join(entries)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.pop("seen", "") != _digest(self.said):
            raise ValidationError(
                _(
                    "Somebody else has changed these rules since you opened them, so nothing was "
                    "saved. What you typed is still here: compare it, and save again."
                )
            )
        return self.cleaned_data


_SAID_IN_WORDS: dict[str, dict[bool, Any]] = {
    "is_moderated_first": {
        True: gettext_lazy("After approval"),
        False: gettext_lazy("At once"),
    },
    "asks_proof_of_work": {
        True: gettext_lazy("Asked for"),
        False: gettext_lazy("Not asked for"),
    },
}


def _digest(said: dict[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()[:16]


@admin.register(DiscussionRules)
class DiscussionRulesAdmin(RowsMadeElsewhere, DeskAdmin):
    """The site's rules, the articles that have rules of their own, and a page for each of them."""

    class Media:
        css = {"all": ["admin_comments/comments.css"]}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.article_view)
        name = "comments_discussionrules_article"
        return [path("article/<int:pk>/", view, name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show and set the site's rules; find an article to give it rules of its own."""
        found, asked = _found(request)
        return self._page(
            request,
            None,
            above=DEFAULTS,
            title=_("Rules for comments"),
            own=_with_rules_of_their_own(),
            asked=asked,
            found=found,
            **(extra_context or {}),
        )

    def article_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show and set the rules of one article's discussion."""
        article = get_object_or_404(Article, pk=pk)
        title = _("Rules for comments on “%s”") % article
        return self._page(request, article, above=rules_for(None), title=title)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """Lead to the page on which a row of rules is set."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        return HttpResponseRedirect(rules_url(row.article if row else None))

    def _page(
        self, request: HttpRequest, article: Article | None, *, above: Rules, **context: Any
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        may_change = self.has_change_permission(request)
        form = RulesForm(request.POST or None, article=article, above=above)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            if form.is_valid():
                changed = set_rules(article, form.cleaned_data, by=request.user)
                messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
                return HttpResponseRedirect(request.path)
            if form.non_field_errors():
                # Saving again is then meant.
                form.data = form.data.copy()
                form.data["seen"] = _digest(form.said)
        for field in () if may_change else form.fields.values():
            field.disabled = True
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            "admin/comments/rules.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "media": self.media,
                "form": form,
                "article": article,
                "may_change": may_change,
                **context,
            },
            status=422 if form.errors else 200,
        )


def rules_url(article: Article | None) -> str:
    """Return the address of the page where the rules of an article, or the site's, are set."""
    if article is None:
        return reverse("admin:comments_discussionrules_changelist")
    return reverse("admin:comments_discussionrules_article", args=[article.pk])


def _with_rules_of_their_own() -> list[tuple[Article, str]]:
    rows = DiscussionRules.objects.filter(article__isnull=False).select_related("article")
    return [
        (row.article, rules_url(row.article)) for row in _saying(rows.order_by("article__title"))
    ]


def _saying(rows: Iterable[DiscussionRules]) -> list[DiscussionRules]:
    """Return those rows that say anything: one that was emptied stays."""
    return [
        row
        for row in rows
        if any(getattr(row, name) is not None for name in CHOICES)
        or any(getattr(row, name) for name in WORDS)
    ]


def _found(request: HttpRequest) -> tuple[list[tuple[Article, str]], str]:
    asked = request.GET.get("article", "").strip()
    articles = Article.objects.filter(title__icontains=asked) if asked else Article.objects.none()
    return [(one, rules_url(one)) for one in articles.order_by("title")[:FOUND]], asked


def _may_see(request: HttpRequest) -> bool:
    rules = admin.site.get_model_admin(DiscussionRules)
    return rules.has_view_or_change_permission(request)


add_page(MorePage(gettext_lazy("Rules for comments"), rules_url, _may_see))

"""Fields of readers' forms: label, hint and error belong to their control, errors lead to it."""

from django import forms
from django.template.loader import render_to_string


class Letter(forms.Form):
    name = forms.CharField(label="Name", error_messages={"required": "Give a name, any name."})
    body = forms.CharField(label="Comment", help_text="Plain text.", widget=forms.Textarea)
    reason = forms.ChoiceField(
        label="Reason", required=False, widget=forms.RadioSelect, choices=[("w", "Wrong")]
    )
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)


def field(form: forms.Form, name: str, **context) -> str:
    return render_to_string("_field.html", {"field": form[name], **context})


def summary(form: forms.Form) -> str:
    return render_to_string("_error_summary.html", {"form": form, "heading": "Not sent"})


def test_the_label_names_its_control():
    html = field(Letter(), "name")
    assert '<label for="id_name">Name</label>' in html
    assert 'id="id_name"' in html


def test_hint_and_error_describe_the_control():
    html = field(Letter({"name": "A", "body": ""}), "body")
    assert 'id="id_body_helptext">Plain text.' in html
    assert 'id="id_body_error">This field is required.' in html
    assert 'aria-describedby="id_body_helptext id_body_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_without_trouble_is_not_marked():
    html = field(Letter({"name": "A", "body": "B"}), "name")
    assert "aria-invalid" not in html
    assert "has-error" not in html


def test_what_may_stay_empty_is_said_in_words():
    assert '<span class="optional">never shown</span>' in field(
        Letter(), "name", optional="never shown"
    )


def test_choices_are_a_group_with_a_name():
    html = field(Letter(), "reason")
    assert '<fieldset class="choices" id="id_reason">' in html
    assert "<legend>Reason</legend>" in html
    assert '<label class="choice" for="id_reason_0">' in html


def test_what_was_typed_comes_back_as_text():
    html = field(Letter({"name": '"><script>', "body": ""}), "name")
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_the_summary_leads_to_each_field_and_takes_the_focus():
    html = summary(Letter({}))
    assert '<a href="#id_name">Give a name, any name.</a>' in html
    assert '<a href="#id_body">This field is required.</a>' in html
    assert 'tabindex="-1" data-focus' in html
    assert "Not sent</h2>" in html


def test_the_summary_links_to_no_field_that_cannot_be_seen():
    html = summary(Letter({"name": "A", "body": "B", "about": "much too long"}))
    assert "at most 3 characters" in html
    assert "#id_about" not in html


def test_there_is_no_summary_without_errors():
    assert summary(Letter({"name": "A", "body": "B"})).strip() == ""
    assert summary(Letter()).strip() == ""

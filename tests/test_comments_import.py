"""Importing comments: what is taken and what is not, and that the counts add up."""

import io
import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from comments.importing import import_comments
from comments.importing import running as importing
from comments.importing.storing import Store
from comments.models import Comment, Discussion, ImportedComment, OutgoingMail, Reader
from publishing.stamps import comments_stamp, tokens
from tests import build, exports
from tests.exports import (
    disqus_post,
    disqus_thread,
    wordpress_comment,
    wordpress_item,
)
from tests.test_comments_states import assert_whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return build.published_article("embassy")


@pytest.fixture
def say(capsys):
    """Run the command and return what it says."""

    def run(path, format_name, **options):
        out = io.StringIO()
        call_command("import_comments", str(path), format=format_name, stdout=out, **options)
        return out.getvalue()

    return run


def counts(said):
    """Return what was read, taken, there already, not taken."""
    found = re.findall(
        r"^ +([\d,]+)  (?:read|taken|would be taken|there already|not taken)$", said, re.M
    )
    return tuple(int(one.replace(",", "")) for one in found)


def bodies():
    return list(Comment.objects.order_by("pk").values_list("body", flat=True))


class TestOfWhateverFormat:
    @pytest.fixture
    def file(self, tmp_path, article):
        return exports.wordpress(
            tmp_path / "old.xml",
            wordpress_item(
                "embassy",
                wordpress_comment(1, "First."),
                wordpress_comment(2, "Reply.", parent=1, approved="0"),
                wordpress_comment(3, "Ping.", type="pingback"),
            ),
        )

    def test_a_dry_run_says_the_same_and_writes_nothing(self, file, say):
        dry = say(file, "wordpress")
        assert "Nothing was written" in dry
        assert counts(dry) == (3, 2, 0, 1)
        assert not Comment.objects.exists()
        assert not ImportedComment.objects.exists()
        assert counts(say(file, "wordpress", apply=True)) == (3, 2, 0, 1)
        assert bodies() == ["First.", "Reply."]

    def test_the_same_file_twice_changes_nothing(self, file, say, article):
        say(file, "wordpress", apply=True)
        before = (
            list(Comment.objects.order_by("pk").values()),
            tokens([comments_stamp(article.uid)]),
        )
        assert counts(say(file, "wordpress", apply=True)) == (3, 0, 2, 1)
        assert counts(say(file, "wordpress")) == (3, 0, 2, 1)
        after = list(Comment.objects.order_by("pk").values()), tokens([comments_stamp(article.uid)])
        assert after == before

    def test_a_moderator_s_decision_since_then_stands(self, file, say):
        say(file, "wordpress", apply=True)
        Comment.objects.filter(body="Reply.").update(body="Mended.")
        say(file, "wordpress", apply=True)
        assert bodies() == ["First.", "Mended."]

    def test_an_import_that_was_killed_goes_on_when_run_again(
        self, tmp_path, article, say, monkeypatch
    ):
        comments = [wordpress_comment(n, f"Number {n}.", parent=n - 1) for n in range(1, 11)]
        file = exports.wordpress(tmp_path / "long.xml", wordpress_item("embassy", *comments))
        monkeypatch.setattr(importing, "AT_ONCE", 3)
        store, batches = Store.store, []

        def dying(self, batch):
            if len(batches) == 2:
                raise KeyboardInterrupt
            batches.append(batch)
            return store(self, batch)

        monkeypatch.setattr(Store, "store", dying)
        with pytest.raises(KeyboardInterrupt):
            import_comments(file, "wordpress", applies=True)
        assert Comment.objects.count() == 6
        assert_whole(article)
        monkeypatch.setattr(Store, "store", store)
        assert counts(say(file, "wordpress", apply=True)) == (10, 4, 6, 0)
        assert bodies() == [f"Number {n}." for n in range(1, 11)]
        assert_whole(article)

    def test_counts_places_and_pages_follow(self, file, say, article):
        before = tokens([comments_stamp(article.uid)])
        say(file, "wordpress", apply=True)
        assert_whole(article)
        assert Discussion.objects.get(pk=article.pk).shown == 1
        assert tokens([comments_stamp(article.uid)]) != before

    def test_replies_to_comments_that_are_there_count_for_them(self, tmp_path, article, say):
        def imported(*comments):
            path = exports.wordpress(tmp_path / "a.xml", wordpress_item("embassy", *comments))
            return say(path, "wordpress", apply=True)

        imported(wordpress_comment(1, "First."))
        imported(wordpress_comment(2, "Reply.", parent=1))
        first = Comment.objects.get(body="First.")
        assert first.replies_shown == 1
        assert Comment.objects.get(body="Reply.").parent == first
        assert_whole(article)

    def test_every_comment_that_is_not_taken_is_listed_with_its_place(self, file, say):
        begins = [n for n, line in enumerate(file.open(), 1) if line.startswith("<wp:comment>")]
        why = "it is a pingback, which no reader wrote"
        assert f"not taken: line {begins[2]}, comment 3: {why}\n" in say(file, "wordpress")

    def test_no_mail_leaves_and_addresses_are_unconfirmed(self, tmp_path, article, say):
        build.comment(article)
        comments = [
            wordpress_comment(1, author_email="Anna@example.org"),
            wordpress_comment(2, author_email="anna@example.org", parent=1),
            wordpress_comment(3, author_email="no address", approved="0"),
        ]
        file = exports.wordpress(tmp_path / "mail.xml", wordpress_item("embassy", *comments))
        said = say(file, "wordpress", apply=True)
        reader = Reader.objects.get()
        assert (reader.email.lower(), reader.confirmed_at) == ("anna@example.org", None)
        assert reader.comments.filter(confirmed_at=None).count() == 2
        assert "comment 3: e-mail address left out, as it is none" in said
        assert mail.outbox == []
        assert not OutgoingMail.objects.exists()

    def test_older_comments_come_before_newer_ones_whatever_the_file_s_order(
        self, tmp_path, article, say
    ):
        comments = [
            wordpress_comment(9, "Reply.", parent=5, date_gmt="2012-01-02 00:00:00"),
            wordpress_comment(7, "Newest.", date_gmt="2013-01-01 00:00:00"),
            wordpress_comment(5, "Oldest.", date_gmt="2012-01-01 00:00:00"),
        ]
        file = exports.wordpress(tmp_path / "mixed.xml", wordpress_item("embassy", *comments))
        say(file, "wordpress", apply=True)
        assert bodies() == ["Oldest.", "Reply.", "Newest."]
        assert_whole(article)

    def test_a_reply_to_what_is_not_taken_answers_what_that_answered(self, tmp_path, article, say):
        comments = [
            wordpress_comment(1, "Top."),
            wordpress_comment(2, "Ping.", type="pingback", parent=1),
            wordpress_comment(3, "", parent=2),
            wordpress_comment(4, "Deep.", parent=3),
            wordpress_comment(5, "Alone.", parent=99),
        ]
        file = exports.wordpress(tmp_path / "lifted.xml", wordpress_item("embassy", *comments))
        said = say(file, "wordpress", apply=True)
        assert counts(said) == (5, 3, 0, 2)
        assert Comment.objects.get(body="Deep.").parent.body == "Top."
        assert Comment.objects.get(body="Alone.").parent is None
        assert "comment 4: what it answers is not taken, so it stands higher" in said

    def test_comments_that_answer_each_other_in_a_circle_are_refused(self, tmp_path, article, say):
        comments = [
            wordpress_comment(1, parent=3),
            wordpress_comment(2, parent=1),
            wordpress_comment(3, parent=2),
            wordpress_comment(4, parent=4),
            wordpress_comment(5, "Fine."),
        ]
        file = exports.wordpress(tmp_path / "circle.xml", wordpress_item("embassy", *comments))
        said = say(file, "wordpress", apply=True)
        assert counts(said) == (5, 1, 0, 4)
        assert said.count("it answers itself, by way of others") == 5

    def test_refused_comments_in_a_circle_end_too(self, tmp_path, article, say):
        comments = [
            wordpress_comment(1, type="pingback", parent=2),
            wordpress_comment(2, type="pingback", parent=1),
            wordpress_comment(3, "Below.", parent=1),
        ]
        file = exports.wordpress(tmp_path / "circle.xml", wordpress_item("embassy", *comments))
        assert counts(say(file, "wordpress", apply=True)) == (3, 1, 0, 2)
        assert Comment.objects.get().parent is None

    def test_the_same_number_twice_is_taken_once(self, tmp_path, article, say):
        comments = [wordpress_comment(1, "One."), wordpress_comment(1, "Other.")]
        file = exports.wordpress(tmp_path / "twice.xml", wordpress_item("embassy", *comments))
        said = say(file, "wordpress", apply=True)
        assert counts(said) == (2, 1, 0, 1)
        assert "it is in the file twice: see line" in said

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"body": " \n "}, "it is empty"),
            ({"body": "x" * 5_001}, "it is too long: 5,001 characters, where 5,000 fit"),
            ({"body": "x" * 200_000}, "it is too long"),
            ({"approved": "odd"}, "its state “odd” is not known"),
            ({"type": "order_note"}, "it is of the kind “order_note”, and no comment"),
            ({"date_gmt": "2999-01-01 00:00:00"}, "its date lies in the future"),
            ({"date_gmt": "never", "date": "0000-00-00 00:00:00"}, "it has no date"),
            ({"id": ""}, "it has no number of its own"),
        ],
    )
    def test_what_cannot_be_taken_says_why(self, tmp_path, article, say, fields, why):
        file = exports.wordpress(
            tmp_path / "bad.xml",
            wordpress_item("embassy", wordpress_comment(1, **fields), wordpress_comment(2)),
        )
        said = say(file, "wordpress", apply=True)
        assert counts(said) == (2, 1, 0, 1)
        assert f": {why}" in said

    def test_what_is_changed_in_a_comment_is_listed(self, tmp_path, article, say):
        file = exports.wordpress(
            tmp_path / "odd.xml",
            wordpress_item(
                "embassy",
                wordpress_comment(1, author="", author_email=""),
                wordpress_comment(2, author="x" * 100),
                wordpress_comment(3, date_gmt="0000-00-00 00:00:00"),
            ),
        )
        said = say(file, "wordpress", apply=True)
        assert list(Comment.objects.order_by("pk").values_list("name", flat=True)) == [
            "Anonymous", f"{'x' * 79}…", "Reader 3"
        ]  # fmt: skip
        assert "comment 2: name shortened" in said
        assert "comment 3: its date is the site's own" in said

    def test_it_is_written_under_the_publication_of_its_time(self, tmp_path, say, time_machine):
        time_machine.move_to(datetime(2020, 1, 1, tzinfo=UTC))
        article = build.published_article("embassy")
        time_machine.move_to(datetime(2021, 1, 1, tzinfo=UTC))
        article.title = "Another"
        article.save()
        build.published(article)
        file = exports.wordpress(
            tmp_path / "a.xml",
            wordpress_item(
                "embassy",
                *(
                    wordpress_comment(n, date_gmt=f"{year}-06-01 00:00:00")
                    for n, year in enumerate((2012, 2020, 2021), start=1)
                ),
            ),
        )
        time_machine.move_to(datetime(2022, 1, 1, tzinfo=UTC))
        say(file, "wordpress", apply=True)
        rows = Comment.objects.order_by("pk").values_list("publication__number", flat=True)
        assert list(rows) == [1, 1, 2]


class TestThreads:
    def imported(self, say, tmp_path, link, **options):
        item = wordpress_item("another-name", wordpress_comment(1), link=link)
        file = exports.wordpress(tmp_path / "a.xml", item)
        return say(file, "wordpress", apply=True, **options)

    @pytest.mark.parametrize(
        "link",
        [
            "https://old.example/embassy/",
            "https://old.example/2012/05/embassy",
            "https://old.example/embassy.html",
            "https://old.example/embassy/index.php",
            "https://old.example/Embassy/?utm_source=feed#comments",
        ],
    )
    def test_an_article_is_found_by_the_last_word_of_an_address(self, article, say, tmp_path, link):
        assert counts(self.imported(say, tmp_path, link)) == (1, 1, 0, 0)

    def test_an_article_is_found_by_its_old_address(self, article, say, tmp_path):
        from articles.addressing import change_slug

        change_slug(article, "mission", by=None)
        link = "https://old.example/embassy/"
        assert counts(self.imported(say, tmp_path, link)) == (1, 1, 0, 0)

    def test_a_thread_without_an_article_is_listed_with_its_count(self, article, say, tmp_path):
        said = self.imported(say, tmp_path, "https://old.example/elsewhere/")
        assert counts(said) == (1, 0, 0, 1)
        assert "https://old.example/elsewhere/ “A post”: comments: 1; no article here has" in said

    def test_an_article_that_was_never_published_takes_none(self, say, tmp_path):
        build.article("embassy")
        said = self.imported(say, tmp_path, "https://old.example/embassy/")
        assert counts(said) == (1, 0, 0, 1)
        assert "its article was never published" in said

    @pytest.mark.parametrize(
        "row", ["https://old.example/elsewhere/,embassy", "/elsewhere,embassy", "7,embassy",
                '"https://www.old.example/elsewhere/", embassy']
    )  # fmt: skip
    def test_a_map_says_which_article_it_is(self, article, say, tmp_path, row):
        map_file = tmp_path / "map.csv"
        map_file.write_text(f"address,slug\n{row}\n")
        said = self.imported(say, tmp_path, "https://old.example/elsewhere/", map=map_file)
        assert counts(said) == (1, 1, 0, 0)

    def test_a_map_may_leave_a_thread_out(self, article, say, tmp_path):
        map_file = tmp_path / "map.csv"
        map_file.write_text("https://old.example/embassy/,\n")
        said = self.imported(say, tmp_path, "https://old.example/embassy/", map=map_file)
        assert counts(said) == (1, 0, 0, 1)
        assert "the map leaves its thread out" in said

    @pytest.mark.parametrize("text", ["one\n", "a,b,c\n", "a,no-such-article\n"])
    def test_a_map_that_cannot_be_meant_is_refused(self, article, say, tmp_path, text):
        map_file = tmp_path / "map.csv"
        map_file.write_text(text)
        with pytest.raises(CommandError, match="map"):
            self.imported(say, tmp_path, "https://old.example/embassy/", map=map_file)
        assert not Comment.objects.exists()

    def test_all_of_a_file_may_belong_to_one_article(self, article, say, tmp_path):
        link = "https://old.example/elsewhere/"
        assert counts(self.imported(say, tmp_path, link, article="embassy")) == (1, 1, 0, 0)

    def test_an_article_that_nobody_has_is_refused(self, say, tmp_path):
        with pytest.raises(CommandError, match="No article has the address"):
            self.imported(say, tmp_path, "https://old.example/", article="nowhere")


class TestWordPress:
    @pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3"])
    def test_every_version_is_read(self, tmp_path, article, say, version):
        item = wordpress_item("embassy", wordpress_comment(1))
        file = exports.wordpress(tmp_path / "a.xml", item, version=version)
        assert counts(say(file, "wordpress", apply=True)) == (1, 1, 0, 0)
        assert ImportedComment.objects.get().key == "wordpress:old.example:1"

    @pytest.mark.parametrize(
        ("approved", "state"),
        [("1", "approved"), ("0", "pending"), ("hold", "pending"), ("spam", "spam"),
         ("trash", "rejected"), ("post-trashed", "rejected")],
    )  # fmt: skip
    def test_states_are_kept_and_logged(self, tmp_path, article, say, approved, state):
        item = wordpress_item("embassy", wordpress_comment(1, approved=approved))
        say(exports.wordpress(tmp_path / "a.xml", item), "wordpress", apply=True)
        comment = Comment.objects.get()
        assert comment.state == state
        entry = comment.transitions.get()
        assert (entry.before, entry.after, entry.reason, entry.by) == ("", state, "imported", None)

    def test_name_date_and_thread_are_kept_and_addresses_of_networks_are_not(
        self, tmp_path, article, say
    ):
        item = wordpress_item(
            "embassy", wordpress_comment(1, author="Anna &amp; Co"), wordpress_comment(2, parent=1)
        )
        say(exports.wordpress(tmp_path / "a.xml", item), "wordpress", apply=True)
        first, reply = Comment.objects.order_by("pk")
        assert first.name == "Anna &amp; Co"  # in CDATA it is what it says
        assert first.created_at == datetime(2012, 5, 1, 12, 1, tzinfo=UTC)
        assert reply.parent == first
        assert (first.network, first.fingerprint, first.token_hash) == ("", None, "")

    def test_control_characters_that_xml_forbids_do_not_end_the_import(
        self, tmp_path, article, say
    ):
        item = wordpress_item("embassy", wordpress_comment(1, "Be\x08fore\x0b."))
        say(exports.wordpress(tmp_path / "a.xml", item), "wordpress", apply=True)
        assert bodies() == ["Before."]

    def test_html_becomes_text_and_links_stay(self, tmp_path, article, say):
        html = (
            'See <a href="https://archive.example/a">the <b>file</b></a>.\n\n'
            "<blockquote>Quoted\ntwice</blockquote><script>alert(1)</script>"
            '<a href="javascript:alert(1)">no</a> &lt;b&gt;'
        )
        item = wordpress_item("embassy", wordpress_comment(1, html))
        say(exports.wordpress(tmp_path / "a.xml", item), "wordpress", apply=True)
        comment = Comment.objects.get()
        assert comment.body == (
            "See [the **file**](https://archive.example/a).\n\n> Quoted\n> twice\n\nno <b>"
        )
        assert "<script" not in comment.body_html
        assert "javascript:" not in comment.body_html
        assert "<b>" not in comment.body_html


class TestHostileFiles:
    BOMB = (
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>\n'
    )
    FETCHING = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n'
    ELSEWHERE = '<!DOCTYPE rss SYSTEM "https://elsewhere.example/a.dtd">\n'

    @pytest.mark.parametrize("before", [BOMB, FETCHING, ELSEWHERE])
    def test_entities_neither_swell_nor_fetch(self, tmp_path, article, say, before):
        item = wordpress_item("embassy", wordpress_comment(1))
        file = exports.wordpress(tmp_path / "bomb.xml", item, before=before)
        with pytest.raises(CommandError, match="declares a document type or entities"):
            say(file, "wordpress", apply=True)
        assert not Comment.objects.exists()

    def test_elements_in_each_other_without_end_are_refused(self, tmp_path, say):
        file = tmp_path / "deep.xml"
        file.write_text("<rss>" + "<a>" * 100_000)
        with pytest.raises(CommandError, match="200 deep"):
            say(file, "wordpress")

    @pytest.mark.parametrize("format_name", ["wordpress", "disqus", "isso", "json"])
    @pytest.mark.parametrize(
        "content", [b"", b"nothing of the kind", b"\xff\xfe\x00", b"{}", b"<a>"]
    )
    def test_what_is_no_export_is_refused_with_a_sentence(
        self, tmp_path, say, format_name, content
    ):
        file = tmp_path / "odd"
        file.write_bytes(content)
        if (format_name, content) == ("isso", b""):
            pytest.skip("An empty file is an empty database, and told as such below.")
        with pytest.raises(CommandError, match=r"Line|no database|no export|UTF-8"):
            say(file, format_name)

    def test_a_file_that_is_not_there_is_told(self, tmp_path, say):
        with pytest.raises(CommandError, match="cannot be read"):
            say(tmp_path / "nowhere.xml", "wordpress")

    def test_a_file_that_breaks_off_stores_nothing(self, tmp_path, article, say):
        item = wordpress_item("embassy", wordpress_comment(1), wordpress_comment(2))
        file = exports.wordpress(tmp_path / "a.xml", item)
        file.write_text(file.read_text()[:-200])
        with pytest.raises(CommandError, match="no XML that can be read"):
            say(file, "wordpress", apply=True)
        assert not Comment.objects.exists()


class TestDisqus:
    def test_posts_find_their_thread_their_parent_and_their_state(self, tmp_path, article, say):
        file = exports.disqus(
            tmp_path / "a.xml",
            disqus_thread(11, "https://old.example/embassy/", identifier="embassy-id"),
            disqus_thread(12, "https://old.example/other/"),
            disqus_post(3, 11, "<p>Reply.</p>", parent=1, createdAt="2012-05-02T12:00:00Z"),
            disqus_post(
                1, 11, '<p>First <a href="https://a.example/x">https://a.example/x</a></p>'
            ),
            disqus_post(2, 11, "<p>Buy.</p>", isSpam="true"),
            disqus_post(4, 12, "<p>Elsewhere.</p>"),
            disqus_post(5, 11, "<p>Gone.</p>", isDeleted="true"),
            disqus_post(6, 11, "<p>Below.</p>", parent=5, createdAt="2012-05-03T12:00:00Z"),
        )
        said = say(file, "disqus", apply=True)
        assert counts(said) == (6, 5, 0, 1)
        assert "https://old.example/other/ “Thread 12”: comments: 1;" in said
        first = Comment.objects.get(imported__key="disqus:1")
        assert (first.body, first.state) == ("First https://a.example/x", "approved")
        assert Comment.objects.get(body="Reply.").parent == first
        assert Comment.objects.get(imported__key="disqus:2").state == "spam"
        gone = Comment.objects.get(imported__key="disqus:5")
        assert (gone.state, gone.name, gone.body) == ("removed", "", "")
        assert gone.has_place
        assert_whole(article)

    def test_a_thread_is_found_by_its_identifier(self, tmp_path, article, say):
        file = exports.disqus(
            tmp_path / "a.xml",
            disqus_thread(11, "https://old.example/?p=4", identifier="embassy"),
            disqus_post(1, 11),
        )
        assert counts(say(file, "disqus", apply=True)) == (1, 1, 0, 0)

    def test_names_and_addresses_are_of_the_post_and_not_of_the_thread(
        self, tmp_path, article, say
    ):
        file = exports.disqus(
            tmp_path / "a.xml",
            disqus_thread(11, "https://old.example/embassy/"),
            disqus_post(1, 11, author=("Anna", "anna@example.org")),
        )
        say(file, "disqus", apply=True)
        comment = Comment.objects.get()
        assert (comment.name, comment.reader.email) == ("Anna", "anna@example.org")

    def test_a_post_without_its_thread_is_refused(self, tmp_path, article, say):
        file = exports.disqus(tmp_path / "a.xml", disqus_post(1, 99))
        said = say(file, "disqus", apply=True)
        assert counts(said) == (1, 0, 0, 1)
        assert "its thread is not in the file" in said


class TestIsso:
    def test_its_database_is_read_with_votes_and_states(self, tmp_path, article, say):
        file = exports.isso(
            tmp_path / "comments.db",
            {1: "/articles/embassy/", 2: "/elsewhere/"},
            [
                {"id": 1, "text": "*First*", "likes": 7, "dislikes": 2, "modified": 1335900000.0},
                {"id": 2, "text": "Waits.", "mode": 2, "author": None, "email": "b@example.org"},
                {"id": 3, "text": "", "mode": 4, "author": None},
                {"id": 4, "text": "Below.", "parent": 3},
                {"id": 5, "tid": 2},
                {"id": 6, "mode": 9},
            ],
        )
        said = say(file, "isso", apply=True)
        assert counts(said) == (6, 4, 0, 2)
        assert "comment 6: its state “9” is not known" in said
        first, waits, gone, below = Comment.objects.order_by("pk")
        assert (first.body, first.helpful, first.unhelpful) == ("*First*", 7, 2)
        assert 0.4 < first.score < 0.5
        assert first.edited_at
        assert (waits.state, waits.name, waits.reader.email) == (
            "pending", "Anonymous", "b@example.org",
        )  # fmt: skip
        assert gone.state == "removed"
        assert below.parent == gone
        assert_whole(article)
        assert counts(say(file, "isso", apply=True)) == (6, 0, 4, 2)

    def test_two_databases_with_the_same_numbers_are_two(self, tmp_path, article, say):
        uri = {1: "/embassy/"}
        one = exports.isso(tmp_path / "one.db", uri, [{"id": 1}])
        two = exports.isso(tmp_path / "two.db", uri, [{"id": 1, "created": 1400000000.5}])
        say(one, "isso", apply=True)
        assert counts(say(two, "isso", apply=True)) == (1, 1, 0, 0)

    def test_the_file_is_only_read(self, tmp_path, article, say):
        file = exports.isso(tmp_path / "comments.db", {1: "/embassy/"}, [{"id": 1}])
        file.chmod(0o400)
        before = file.read_bytes()
        say(file, "isso", apply=True)
        assert file.read_bytes() == before
        assert [path.name for path in tmp_path.iterdir() if "comments.db" in path.name] == [
            "comments.db"
        ]

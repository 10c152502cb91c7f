"""The command that imports comments from another system."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from comments.importing import FORMATS, Outcome, UnreadableFile, UnreadableMap, import_comments
from publishing.progress import Progress
from website.management.naming import article_at


class Command(BaseCommand):
    help = (
        "Import comments from WordPress (WXR), Disqus (XML), Isso (its SQLite file) or On Record "
        "(JSON). It only says what would come of it, unless --apply is given. Importing the same "
        "again changes nothing; an import that was killed goes on when it is run again. No mail "
        "is sent, and nothing is fetched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        doing = parser.add_mutually_exclusive_group()
        doing.add_argument("--apply", action="store_true", help="write, and not only say")
        doing.add_argument("--dry-run", action="store_true", help="only say: so it is anyway")
        parser.add_argument(
            "--map",
            type=Path,
            help="a CSV file of two columns: address or id of a thread, slug of its article",
        )
        parser.add_argument("--article", help="the slug of the article to which all of it belongs")
        parser.add_argument(
            "--trust-addresses",
            action="store_true",
            help="of your own JSON only: e-mail addresses confirmed there count as confirmed here, "
            "and readers go on following what they followed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bars = Bars()
        try:
            outcome = import_comments(
                options["file"],
                options["format"],
                applies=options["apply"],
                map_path=options["map"],
                article=article_at(options["article"]),
                trusts_addresses=options["trust_addresses"],
                listing=self,
                progress=bars,
            )
        except (UnreadableFile, UnreadableMap) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                f"It stopped in the middle: {error}. What was stored stays; run it again to go on."
            ) from error
        finally:
            bars.end()
        self._tell(options["file"], outcome, is_dry=not options["apply"])

    def refused(self, where: str, why: str) -> None:
        """List a comment that is not taken."""
        self.stdout.write(f"not taken: {where}: {why}")

    def changed(self, where: str, what: str) -> None:
        """List a comment of which something is taken otherwise than it stands in the file."""
        self.stdout.write(f"changed: {where}: {what}")

    def _tell(self, file: Path, outcome: Outcome, *, is_dry: bool) -> None:
        say = self.stdout.write
        if outcome.unmatched:
            say("\nThreads without an article here:")
        for address, title, why, count in outcome.unmatched:
            named = f"{address} “{title}”" if title else address
            say(f"  {named}: comments: {count:,}; {why}")
        if outcome.reasons:
            say("\nNot taken, by reason:")
        for why, count in outcome.reasons:
            say(f"  {count:>9,}  {why}")
        say(f"\nComments in {file.name}:")
        say(f"  {outcome.read:>9,}  read")
        say(f"  {outcome.taken:>9,}  {'would be taken' if is_dry else 'taken'}")
        say(f"  {outcome.already:>9,}  there already")
        say(f"  {outcome.refused:>9,}  not taken")
        for kind, counts in outcome.others.items():
            if counts.read:
                say(
                    f"Besides, {kind}: read {counts.read:,}; taken {counts.taken:,}; there already "
                    f"{counts.already:,}; not taken {len(counts.refused):,}"
                )
        if outcome.read != outcome.taken + outcome.already + outcome.refused:
            raise CommandError("The counts do not add up, so something is wrong here: tell us.")
        if is_dry:
            say("Nothing was written: this was to see. Add --apply to import.")


class Bars:
    """Bars at the terminal, one after the other."""

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def __call__(self, words: str, total: int, done: int) -> None:
        """Go on with the bar of these words; the first time, put it in the place of the last."""
        if self._bar is None or self._bar.words != words:
            self.end()
            self._bar = Progress(words, total)
        self._bar.advance(done)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.__exit__(None, None, None)
        self._bar = None

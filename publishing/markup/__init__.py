"""What editors and readers typed, as HTML that is safe to show.

An editor's body is CommonMark, read by markdown-it-py with raw HTML off; what it makes passes nh3,
a second wall with its own short list of tags, before drawings are put in place. Readers' comments
know fewer signs, and pass a wall with a shorter list. Nothing here knows what an article is.
The rooms, none of which uses one below it:

- ``safe_html``: HTML that is believed, and nothing else in the project may believe any;
- ``plain``: a text as it was typed, without characters that mislead;
- ``targets``: where a link may lead;
- ``reading``: an editor's Markdown to tokens;
- ``words``: what it says, and what it cites, shows and links to;
- ``bodies``: an editor's Markdown to HTML;
- ``comments``: a reader's comment to HTML.
"""

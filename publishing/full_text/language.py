"""The language of the site's texts, for the search: how words are cut back to their stems."""

from django.conf import settings

# PostgreSQL's own configurations (since 14), by the first part of LANGUAGE_CODE.
CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Words of questions that stand in nearly every text: asked for, they would only forbid answers.
_STOP_WORDS = {
    "en": frozenset(
        {
            *("a", "an", "the", "and", "or", "than", "that", "this", "these", "there", "their"),
            *("they", "it", "its", "am", "is", "are", "was", "were", "be", "been", "do", "does"),
            *("did", "has", "have", "had", "can", "could", "will", "would", "as", "at", "by"),
            *("for", "from", "in", "into", "of", "on", "to", "with", "what", "when", "where"),
            *("which", "who", "whom", "whose", "why", "how", "s"),
        }
    )
}


def language() -> str:
    """Return the language of the site's texts, such as “en”."""
    return settings.LANGUAGE_CODE.partition("-")[0].lower()


def configuration() -> str:
    """Return the name of PostgreSQL's configuration; “simple” knows no stems."""
    return CONFIGURATIONS.get(language(), "simple")


def tokenizer() -> str:
    """Return FTS5's tokenizer. It knows stems of English alone; marks on letters are left out."""
    letters = "unicode61 remove_diacritics 2"
    return f"porter {letters}" if language() == "en" else letters


def stop_words() -> frozenset[str]:
    """Return the words that are not searched for beside others, in small letters."""
    return _STOP_WORDS.get(language(), frozenset())

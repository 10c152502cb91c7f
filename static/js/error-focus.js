/**
 * Focuses what says what happened: the summary of errors, or the heading after a form was sent.
 *
 * The element carries data-focus and tabindex="-1". An address that points into the page goes first.
 */
if (!location.hash) document.querySelector("[data-focus]")?.focus();

/**
 * Focuses the field in a <details> that was opened, and closes it again with Escape.
 *
 * <details data-focus-opened><summary>Search</summary> … <input></details>
 */
for (const details of document.querySelectorAll("details[data-focus-opened]")) {
  details.addEventListener("toggle", () => {
    if (details.open) details.querySelector("input").focus();
  });
  details.addEventListener("keydown", (event) => {
    const summary = details.querySelector("summary");
    // Where there is room the summary is not shown, and there is nothing to close.
    if (event.key !== "Escape" || event.defaultPrevented || !summary.checkVisibility()) return;
    details.open = false;
    summary.focus();
  });
}

/**
 * Adds a button that copies the words of an element, below it.
 *
 * <p data-copy-text data-copy-label="Copy" data-copied-label="Copied" data-copy-failed-label="…">
 *
 * What came of it is said beside the button, in a place that screen readers follow. Browsers offer
 * the clipboard only on secure pages; elsewhere there is no button.
 */
for (const element of document.querySelectorAll("[data-copy-text]")) {
  if (!navigator.clipboard) break;
  const { copyLabel, copiedLabel, copyFailedLabel } = element.dataset;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button is-small";
  button.textContent = copyLabel;

  const outcome = document.createElement("span");
  outcome.className = "action-outcome";
  outcome.setAttribute("role", "status");

  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(element.textContent);
      outcome.textContent = copiedLabel;
    } catch {
      outcome.textContent = copyFailedLabel;
    }
  });
  element.after(button, outcome);
}

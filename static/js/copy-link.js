/**
 * Adds a button that copies the page's address to every list of sharing actions.
 *
 * <ul data-share-actions data-link="https://…" data-copy-label="Copy link"
 *     data-copied-label="Link copied" data-copy-failed-label="Not copied. The address is">
 *
 * What came of it is said beside the button, in a place that screen readers follow. Browsers offer
 * the clipboard only on secure pages; elsewhere there is no button.
 */
for (const list of document.querySelectorAll("[data-share-actions][data-copy-label]")) {
  if (!navigator.clipboard) break;
  const { link, copyLabel, copiedLabel, copyFailedLabel } = list.dataset;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = copyLabel;

  const outcome = document.createElement("span");
  outcome.className = "action-outcome";
  outcome.setAttribute("role", "status");

  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link);
      outcome.textContent = copiedLabel;
    } catch {
      outcome.textContent = `${copyFailedLabel} ${link}`;
    }
  });

  const item = document.createElement("li");
  item.append(button, outcome);
  list.prepend(item);
}

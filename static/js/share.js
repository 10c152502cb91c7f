/**
 * Adds the device's own Share button to every list of sharing actions, where the device has one.
 *
 * <ul data-share-actions data-link="https://…" data-title="…" data-share-label="Share">
 */
for (const list of document.querySelectorAll("[data-share-actions][data-share-label]")) {
  if (!navigator.share) break;
  const { link, title, shareLabel } = list.dataset;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = shareLabel;
  button.addEventListener("click", () => {
    // Refused means that the reader closed the device's sheet: nothing to say about it.
    navigator.share({ title, url: link }).catch(() => {});
  });

  const item = document.createElement("li");
  item.append(button);
  list.prepend(item);
}

/**
 * Offers a link to the words that a reader has selected in the article.
 *
 * <ul data-share-actions data-link="https://…" data-selection-label="Copy link to the selected words"
 *     data-copied-label="Link copied" data-copy-failed-label="Not copied. The address is">
 *
 * While words are selected a button stands below them, for those who point, and one in the list,
 * which the keyboard reaches. What the address says is for selection-address.js to know.
 */
const list = document.querySelector("[data-share-actions][data-selection-label]");
const { link, selectionLabel, copiedLabel, copyFailedLabel } = list?.dataset ?? {};

function offer() {
  const make = (tag, given) => Object.assign(document.createElement(tag), given);
  const near = make("button", { type: "button", className: "button is-small copy-selection", tabIndex: -1 });
  near.popover = "manual";
  const inList = make("button", { type: "button", className: "button", textContent: selectionLabel });
  const item = make("li", { hidden: true });
  const outcome = make("span", { className: "action-outcome", role: "status" });
  item.append(inList, outcome);
  list.prepend(item);
  list.after(near);
  let range;
  let waiting;

  async function copy() {
    const asked = new CustomEvent("address-of-selection", { detail: { range, link } });
    document.dispatchEvent(asked);
    const { address } = asked.detail;
    try {
      await navigator.clipboard.writeText(address);
      near.textContent = outcome.textContent = copiedLabel;
    } catch {
      near.textContent = outcome.textContent = `${copyFailedLabel} ${address}`;
    }
  }

  function show() {
    const selection = getSelection();
    const found = selection.rangeCount ? selection.getRangeAt(0) : null;
    const isOurs = document.querySelector("article").contains(found?.commonAncestorContainer ?? null);
    const has = isOurs && selection.toString().trim() !== "";
    item.hidden = !has;
    near.togglePopover(has);
    if (!has) return;
    range = found.cloneRange();
    near.textContent = selectionLabel;
    outcome.textContent = "";
    const { right, bottom } = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
    const most = document.documentElement.clientWidth - near.offsetWidth - 16;
    near.style.left = `${Math.max(16, Math.min(right - near.offsetWidth / 2, most))}px`;
    near.style.top = `${scrollY + bottom}px`;
  }

  for (const button of [near, inList]) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
    button.addEventListener("click", copy);
  }
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250); // when the reader has finished
  });
}

if (list && navigator.clipboard && "popover" in list && Intl.Segmenter) offer();

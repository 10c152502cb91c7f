/**
 * Opens the <details> that an address points into, and all of them for printing.
 *
 * Newer browsers do the first by themselves where the place is inside the <details>, and the print
 * style sheet does the second in some; here it is for all. What printing opened is closed afterwards.
 */
function openTarget() {
  const target = document.getElementById(decodedHash());
  const closed = target?.closest("details:not([open])");
  if (!closed) return;
  closed.open = true;
  target.scrollIntoView();
}

function decodedHash() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return ""; // A broken escape names nothing.
  }
}

let openedForPrint = [];

window.addEventListener("beforeprint", () => {
  openedForPrint = [...document.querySelectorAll("details:not([open])")];
  for (const details of openedForPrint) details.open = true;
});

window.addEventListener("afterprint", () => {
  for (const details of openedForPrint) details.open = false;
  openedForPrint = [];
});

window.addEventListener("hashchange", openTarget);
openTarget();

/**
 * Brings within reach of the keyboard what Unfold leaves to the mouse: menus and switches that are
 * plain elements with a click handler. They become buttons; those that show only a sign get a name,
 * and signs beside words are no longer read out by theirs ("menu_book Sources").
 */
const NAMES = [
  [/sidebarToggle/, "Menu"],
  [/openUserLinks/, "Your account and the colours of the desk"],
  [/handleClear/, "Clear"],
  [/filterOpen = false/, "Close the filters"],
];
const NATIVE = "a[href], button, input, select, textarea, label, summary";

for (const element of document.querySelectorAll("[x-on\\:click]")) {
  if (element.matches(NATIVE)) continue;
  element.setAttribute("role", "button");
  element.tabIndex = 0;
  const handler = element.getAttribute("x-on:click");
  const [, name] = NAMES.find(([pattern]) => pattern.test(handler)) ?? [];
  if (name) element.setAttribute("aria-label", name);
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    element.click();
  });
}

for (const sign of document.querySelectorAll(".material-symbols-outlined")) {
  const control = sign.parentElement?.closest("a, button, [role=button]");
  const words = control?.textContent.replace(sign.textContent, "").trim();
  if (words || control?.title || control?.ariaLabel) sign.setAttribute("aria-hidden", "true");
}

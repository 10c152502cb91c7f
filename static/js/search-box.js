/**
 * Offers places to go while one types into a search box, and focuses a box that was opened.
 *
 * <form data-suggest="/search/suggestions.json" data-suggestions-label="Suggestions">
 *   <input type="search" name="q"></form>
 *
 * A combobox as the ARIA practices describe it: the focus stays in the field, arrows go through the
 * list, Enter goes to the chosen place or else searches, Escape closes. Without an answer there is no
 * list, and the form works as it does without scripts.
 */
const PAUSE = 120; // Milliseconds without a key, so that not every letter is asked about.
const SHORTEST = 2; // Letters.

for (const [number, form] of document.querySelectorAll("form[data-suggest]").entries()) {
  offerPlaces(form, form.elements.q, `suggestions-${number}`);
}

for (const details of document.querySelectorAll("details[data-focus-opened]")) {
  details.addEventListener("toggle", () => {
    if (details.open) details.querySelector("input").focus();
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
}

function offerPlaces(form, field, id) {
  const list = document.createElement("ul");
  list.id = id;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.suggestionsLabel);
  field.after(list);

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);
  field.setAttribute("aria-expanded", "false");

  let asking = null;
  let pause = 0;
  let chosen = -1;

  const close = () => {
    clearTimeout(pause);
    asking?.abort();
    list.hidden = true;
    list.replaceChildren();
    choose(-1);
    field.setAttribute("aria-expanded", "false");
  };

  const choose = (place) => {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    const option = list.children[place];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };

  const show = ([, titles, details, addresses]) => {
    list.replaceChildren(
      ...titles.map((title, place) => {
        const option = document.createElement("li");
        option.id = `${id}-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = addresses[place];
        const detail = document.createElement("span");
        detail.className = "suggestion-detail";
        detail.textContent = details[place];
        option.append(title, " ", detail);
        return option;
      }),
    );
    choose(-1);
    list.hidden = titles.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const query = new URLSearchParams({ q: field.value });
    try {
      const answer = await fetch(`${form.dataset.suggest}?${query}`, { signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const places = await answer.json();
      if (!signal.aborted) show(places);
    } catch {
      if (!signal.aborted) close();
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(pause);
    if (field.value.trim().length < SHORTEST) close();
    else pause = setTimeout(ask, PAUSE);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") choose(chosen === last ? -1 : chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen === -1 ? last : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.url);
    else return;
    event.preventDefault();
  });

  field.addEventListener("blur", close);
  form.addEventListener("submit", close);

  // Pressing an option must not take the focus from the field, which would close the list first.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
}

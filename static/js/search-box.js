/**
 * Offers places to go while one types into a search box: a combobox as the ARIA practices have it.
 *
 * <form data-suggest="/search/suggestions.json" data-suggestions-label="Suggestions">
 *   <input type="search" name="q"></form>
 *
 * The focus stays in the field. Arrows go through the list, Enter goes to the chosen place or else
 * searches, Escape closes. Without an answer there is no list.
 */
const PAUSE = 120; // Milliseconds without a key before it is asked.
const SHORTEST = 2; // Letters.

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function offerPlaces(form, field, id) {
  const label = form.dataset.suggestionsLabel;
  const list = element("ul", { id, class: "suggestions", role: "listbox", "aria-label": label });
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);

  let asking = null;
  let pause = 0;
  let chosen = -1;

  const choose = (place) => {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    const option = list.children[place];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };

  const show = (titles, details, addresses) => {
    choose(-1);
    list.replaceChildren(
      ...titles.map((title, place) => {
        const detail = element("span", { class: "suggestion-detail" }, details[place]);
        const attributes = { id: `${id}-${place}`, role: "option", "aria-selected": "false" };
        return element("li", { ...attributes, "data-url": addresses[place] }, title, " ", detail);
      }),
    );
    list.hidden = titles.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };

  const close = () => {
    clearTimeout(pause);
    asking?.abort();
    show([]);
  };

  const ask = async () => {
    const { signal } = (asking = new AbortController());
    try {
      const query = new URLSearchParams({ q: field.value });
      const answer = await fetch(`${form.dataset.suggest}?${query}`, { signal });
      const [, ...places] = await answer.json();
      if (!signal.aborted) show(...places);
    } catch {
      if (!signal.aborted) show([]);
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(pause);
    asking?.abort();
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

  // Pressing an option must not take the focus from the field, which would close the list first.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const url = target.closest("[role=option]")?.dataset.url;
    if (url) location.assign(url);
  });
  field.addEventListener("blur", close);
  close();
}

for (const [number, form] of document.querySelectorAll("form[data-suggest]").entries()) {
  offerPlaces(form, form.elements.q, `suggestions-${number}`);
}

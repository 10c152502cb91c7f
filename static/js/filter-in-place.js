/**
 * Filters a list in its page: <form data-filter-in-place>, a GET form.
 *
 * The page without scripts is fetched: its [data-renewed="name"] replace those here, choices get
 * their counts, the address follows; so with links [data-filters]. With no answer one goes there.
 *
 * Tells others: "filtered". Is told: "go", an address.
 */
const PAUSE = 350; // milliseconds

for (const form of document.querySelectorAll("form[data-filter-in-place]")) {
  let asking = null;
  let pause = 0;

  const wanted = () => {
    const filled = [...new FormData(form)].filter(([, value]) => value.trim());
    const query = new URLSearchParams(filled).toString();
    return new URL(form.action).pathname + (query && `?${query}`);
  };

  const go = async (address, isTyped) => {
    clearTimeout(pause);
    asking?.abort();
    const list = document.querySelector("[data-renewed=list]");
    list.ariaBusy = null;
    if (address === location.pathname + location.search) return;
    const { signal } = (asking = new AbortController());
    list.ariaBusy = "true";
    try {
      const answer = await fetch(address, { signal });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted) return;
      history.replaceState(null, "", address);
      renew(page, isTyped);
      list.ariaBusy = null;
      form.dispatchEvent(new Event("filtered", { bubbles: true }));
    } catch {
      if (!signal.aborted) location.assign(address);
    }
  };

  const renew = (page, isTyped) => {
    const fresh = page.querySelector("form[data-filter-in-place]");
    for (const field of form.elements) {
      const other = field.name && fresh.elements[field.name];
      if (!other) continue;
      const value = isTyped ? field.value : other.value;
      if (field.options) field.replaceChildren(...other.children);
      if (field.value !== value) field.value = value;
    }
    for (const element of document.querySelectorAll("[data-renewed]")) {
      const other = page.querySelector(`[data-renewed="${element.dataset.renewed}"]`);
      if (other) element.replaceChildren(...other.childNodes);
    }
  };

  form.addEventListener("go", (event) => go(event.detail));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(wanted(), true);
  });
  form.addEventListener("change", () => go(wanted(), true));
  form.addEventListener("input", ({ target }) => {
    clearTimeout(pause);
    if (!target.options) pause = setTimeout(() => go(wanted(), true), PAUSE);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-filters]");
    const isPlain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || link.pathname !== new URL(form.action).pathname) return;
    event.preventDefault();
    go(link.pathname + link.search, false).then(() => form.querySelector("button").focus());
  });
}

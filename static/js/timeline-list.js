/**
 * The list beside a timeline: its events are drawn, those of its other pages too, and the drawing
 * leads to their entries.
 *
 * Takes readEvents() of timeline-events.js and the Pages of timeline-pages.js. Gives the drawing
 * its events by begin(), take() and renew(), and looks at which are in view.
 */
const MOST_PAGES = 6;
// Milliseconds.
const PAUSE = 200;

class List {
  #listed;
  // Filters and version of the list for which all its days were asked.
  #asked = null;
  // All pages of the list, if it has several.
  #whole = null;
  // An event whose page of the list is on its way.
  #wanted = null;
  #pause = 0;

  constructor(drawing, part) {
    Object.assign(this, { drawing, part, addresses: drawing.words });
  }

  /** The event of an entry. */
  eventAt(target) {
    const element = target.closest("[data-days]");
    return element && this.drawing.layout?.events.find((event) => event.element === element);
  }

  /** Take the events from the list, as it stands now. */
  read() {
    const { eras, events } = readEvents([...this.part.querySelectorAll("[data-days]")]);
    this.drawing.begin(eras, events.length);
    if (!events.length) return;
    const list = this.part.querySelector("[data-all]");
    if (list && this.addresses.allDays) return this.#complete(events, list.dataset);
    this.#asked = this.#whole = null;
    this.drawing.take(events);
  }

  /** Take the events of the list's other pages too: their days at once, their names when they are near. */
  async #complete(listed, { first, aPage, version }) {
    const filters = new URLSearchParams(location.search);
    filters.delete("page");
    const query = String(filters);
    const asked = `${query} ${version}`;
    // Of the same list, what is drawn stands until it can be drawn anew.
    const isAnew = this.#whole?.query === query;
    if (this.#asked !== asked) {
      this.#asked = asked;
      if (!isAnew) {
        this.#whole = null;
        this.drawing.take(listed);
      }
      const whole = await Pages.from(this.addresses, query, Number(aPage));
      if (this.#asked !== asked) return;
      this.#whole = whole?.events.length ? whole : null;
      // In between the list may have come to another page.
      if (!listed[0].element.isConnected) return this.read();
    }
    const whole = this.#whole;
    // Days not there, or all was withdrawn: the list alone is drawn.
    if (!whole) {
      if (!this.eventAt(listed[0].element)) this.drawing.take(listed);
      return;
    }
    for (const event of whole.events) event.element = null;
    this.#listed = new Map(listed.map(({ element }) => [element.id, element]));
    if (version === whole.version) {
      listed.forEach((event, place) => Object.assign(whole.events[first - 1 + place], event, { width: undefined }));
    }
    const held = this.#wanted;
    this.#wanted = null;
    this.#hold();
    this.drawing.take(whole.events, isAnew);
    // A list that is older than the days shows some of its events: those of the same id.
    if (version !== whole.version) this.#name(Math.ceil(first / aPage));
    const wanted = held && whole.events.find((event) => event === held || (event.id && event.id === held.id));
    if (wanted?.element) this.go(wanted);
  }

  /** Find the events of the list at hand among all, by their ids. */
  #hold() {
    for (const event of this.#whole.events) event.element ??= this.#listed.get(event.id) ?? null;
  }

  /** Name the events of a page, or begin anew if something was published since their days came. */
  async #name(page) {
    const whole = this.#whole;
    const isRight = await whole.name(page);
    if (whole !== this.#whole || whole.isOutdated) return;
    if (isRight) return this.#hold();
    whole.isOutdated = true;
    this.#asked = null;
    this.read();
  }

  name(event) {
    return this.#name(this.#whole.pageOf(event));
  }

  /** Ask for the names of what is in view, once the reader rests and it is little. */
  nameSoon() {
    clearTimeout(this.#pause);
    if (this.drawing.layout.events !== this.#whole?.events) return;
    this.#pause = setTimeout(async () => {
      const nameless = this.drawing.layout.inView.filter(({ title }) => title === undefined);
      const pages = new Set(nameless.map((event) => this.#whole.pageOf(event)));
      if (!pages.size || pages.size > MOST_PAGES) return;
      await Promise.all([...pages].map((page) => this.#name(page)));
      // Asked again at once, a server that does not answer would be asked for ever.
      if (nameless.some(({ title }) => title !== undefined)) this.drawing.renew();
    }, PAUSE);
  }

  /** Go to the event in the list. */
  go(event) {
    const { element } = event;
    this.#wanted = element ? null : event;
    if (!element) {
      const detail = this.#whole.addressOf(event);
      this.part.querySelector("form[data-filter-in-place]").dispatchEvent(new CustomEvent("go", { detail }));
      return;
    }
    element.tabIndex = -1;
    if (location.hash === `#${element.id}`) element.scrollIntoView();
    else location.hash = element.id;
    element.focus({ preventScroll: true });
  }
}

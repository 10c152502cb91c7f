/**
 * The events of all pages of a list, for timeline-list.js: their days at once, names by pages.
 * Takes nothing from the other files.
 *
 * Days and names come by places in the list, and each answer says of which version of the list it
 * is. When something is published in between, places mean other events: nothing is named then.
 */
const answerOf = async (address) => {
  const answer = await fetch(address).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
};

/** Events from timeline/marks.py: no title and no words yet. */
const eventsOf = ({ begin, last, mark, kind, actors, marks, kinds, names }) => {
  const classes = marks.map((one) => new Set(one.split(" ")));
  let before = 0;
  return begin.map((step, place) => {
    const lower = step === null ? null : (before += step);
    const upper = last[place] === null ? null : (lower ?? 0) + last[place];
    return { lower, upper, marks: classes[mark[place]], kind: kinds[kind[place]], actors: actors[place].map((one) => names[one]), element: null };
  });
};

class Pages {
  // Answers with names, by their pages.
  #asked = new Map();

  /** Of the list with these filters; nothing if the days are not to be had. */
  static async from(addresses, query, aPage) {
    const days = await answerOf(`${addresses.allDays}?${query}`);
    return days && Object.assign(new Pages(), { addresses, query, aPage, version: days.version, events: eventsOf(days) });
  }

  pageOf({ place }) {
    return Math.floor(place / this.aPage) + 1;
  }

  #queryOf(page) {
    return `?${this.query}${this.query && "&"}page=${page}`;
  }

  /** Where the list itself shows an event: with an empty fragment, so that even the page at hand is another address. */
  addressOf(event) {
    return `${location.pathname}${this.#queryOf(this.pageOf(event))}#`;
  }

  /** Name the events of a page, and say whether these are still the days of the list. */
  async name(page) {
    const asked = this.#asked;
    if (!asked.has(page)) asked.set(page, answerOf(this.addresses.allNames + this.#queryOf(page)));
    const found = await asked.get(page);
    if (!found) asked.delete(page);
    if (!found) return true;
    if (found.version !== this.version) return false;
    found.events.forEach(([id, words, title], place) => {
      const event = this.events[(page - 1) * this.aPage + place];
      event.id = id;
      if (event.title === undefined) Object.assign(event, { words, title });
    });
    return true;
  }
}

/**
 * Draws a timeline on a scale, above the list that it is made from: <div data-timeline-drawing>.
 *
 * Events are [data-days="first/last"] in the part around it: days counted from 1 January of the
 * year 1, none where a date is open or unknown; classes say how its edges are. Marks are painted on
 * a canvas, so that ten thousand cost no element each; one button lies over the mark of the current
 * event, and moves, so that keys and screen readers have something to hold.
 *
 * The rows of marks come from timeline-rows.js, their shapes from timeline-marks.js, the lines of the
 * scale from timeline-ticks.js, what stands on other pages of the list from timeline-pages.js. Listens to "filtered". All positions are counted from
 * where reading begins, and mirrored when painted.
 */
const CLOSEST = 40; // Pixels a day.
const MOST_LANES = 8;
const MOST_PAGES = 6;
const PAUSE = 200; // Milliseconds.
const LANES = { together: null, byKind: (event) => [event.kind], byActor: (event) => event.actors };

const within = (value, least, most) => Math.max(least, Math.min(value, most));
const textOf = (element, selector) =>
  element.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";

/** The first of sorted numbers that is not less than another. */
const firstFrom = (numbers, least) => {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return numbers[low] ?? Infinity;
};

const make = (name, className, attributes = {}, ...children) => {
  const element = document.createElement(name);
  element.className = className;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

class Drawing {
  #start = 0; // The day at the edge where reading begins.
  #scale = 0; // Pixels a day.
  #lanesBy = "together";
  #current = null;
  #marked = null; // What the reader points at in the list.
  #waits = false;
  #isLaid = false; // Are rows those of this scale?
  #asked = null; // Filters and version of the list for which all its days were asked.
  #whole = null; // All pages of the list, if it has several.
  #wanted = null; // An event whose page of the list is on its way.
  #pause = 0;

  constructor(place) {
    this.place = place;
    this.words = place.dataset;
    this.part = place.parentElement;
    this.isMirrored = getComputedStyle(place).direction === "rtl";
    const { lang } = place.closest("[lang]");
    const format = (options) => new Intl.DateTimeFormat(lang, { timeZone: "UTC", ...options });
    this.month = format({ month: "short" });
    this.day = format({ day: "numeric", month: "short" });
    this.today = Math.floor(Date.now() / A_DAY) + UNIX_EPOCH;
    const { help, wheel, touch } = this.words;
    this.help = matchMedia("(hover: none)").matches ? touch : `${help} ${wheel}`;
    this.#build();
    this.#listen();
    this.read();
  }

  // What it is made of

  #build() {
    const { words } = this;
    const button = (text, label, deed) => {
      const made = make("button", "button", { type: "button" }, text);
      if (label) made.ariaLabel = label;
      made.addEventListener("click", deed);
      return made;
    };
    this.laneButtons = new Map(
      Object.keys(LANES).map((by) => [by, button(words[by], "", () => this.#layInLanes(by))]),
    );
    this.readout = make("p", "scale-readout", { "aria-hidden": "true" });
    // The slider says the same to who moves it; a status to who moves it otherwise.
    this.period = make("p", "scale-period", { "aria-hidden": "true" });
    this.status = make("p", "visually-hidden", { role: "status" });
    this.canvas = make("canvas", "");
    this.plot = make("div", "scale-plot", { role: "group", "aria-label": words.events, "aria-description": words.help }, this.canvas);
    this.strip = make("canvas", "");
    this.frame = make("div", "scale-frame", {
      role: "slider", tabindex: "0", "aria-label": words.period, "aria-valuemin": "0", "aria-valuemax": "100",
    });
    this.overview = make("div", "scale-overview", {}, this.strip, this.frame);
    this.lanesGroup = make("div", "scale-buttons", { role: "group", "aria-label": words.lanes }, ...this.laneButtons.values());
    this.place.replaceChildren(
      make("div", "scale-tools", {},
        this.lanesGroup,
        this.period,
        this.status,
        make("div", "scale-buttons", {},
          button("−", words.out, () => this.#zoom(1 / 2)),
          button("+", words.in, () => this.#zoom(2)),
          button(words.fit, "", () => this.#fit()),
          button(words.today, "", () => this.#centre(this.today)),
        ),
      ),
      this.plot, this.overview, this.readout,
    );
    this.#showLanes();
  }

  // What it shows

  /** Take the events from the list, as it stands now. */
  read() {
    const listed = [...this.part.querySelectorAll("[data-days]")];
    const read = (element) => {
      const [lower, upper = lower] = element.dataset.days.split("/").map((day) => (day === "" ? null : Number(day)));
      return { element, id: element.id, lower, upper, marks: new Set(element.classList) };
    };
    this.eras = listed.filter((one) => one.matches(".era")).map((element) => ({
      ...read(element),
      shape: /rail-(\w+)/.exec(element.nextElementSibling?.className)?.[1],
      title: textOf(element, ".era-state"),
    }));
    const events = listed.filter((one) => one.matches(".event")).map((element) => ({
      ...read(element),
      title: textOf(element, "h1, h2, h3, h4"),
      words: textOf(element, ".event-date"),
      kind: textOf(element, ".event-kind-name"),
      actors: [...element.querySelectorAll(".event-actors bdi")].map((actor) => actor.textContent),
    }));
    this.place.hidden = !events.length;
    this.#keepRoom(events.length);
    if (!events.length) return;
    const list = this.part.querySelector("[data-all]");
    if (list && this.words.allDays) return this.#complete(events, list.dataset);
    this.#asked = this.#whole = null;
    this.#take(events);
  }

  /** As tall as the events need it, as templates/timeline/_drawing.html has it before this is there. */
  #keepRoom(count) {
    if (count < 13) this.place.dataset.rows = Math.min(count, 8);
    else delete this.place.dataset.rows;
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
        this.#take(listed);
      }
      const whole = await Pages.from(this.words, query, Number(aPage));
      if (this.#asked !== asked) return;
      this.#whole = whole?.events.length ? whole : null;
      // In between the list may have come to another page.
      if (!listed[0].element.isConnected) return this.read();
    }
    const whole = this.#whole;
    // Days not there, or all was withdrawn: the list alone is drawn.
    if (!whole) {
      if (!this.byElement.has(listed[0].element)) this.#take(listed);
      return;
    }
    for (const event of whole.events) event.element = null;
    this.listed = new Map(listed.map(({ element }) => [element.id, element]));
    if (version === whole.version) {
      listed.forEach((event, place) => Object.assign(whole.events[first - 1 + place], event, { width: undefined }));
    }
    const held = this.#wanted;
    this.#wanted = null;
    this.#hold();
    this.#take(whole.events, isAnew);
    // A list that is older than the days shows some of its events: those of the same id.
    if (version !== whole.version) this.#name(Math.ceil(first / aPage));
    const wanted = held && whole.events.find((event) => event === held || (event.id && event.id === held.id));
    if (wanted?.element) this.#go(wanted);
  }

  /** Find the events of the list at hand among all, by their ids. */
  #hold() {
    for (const event of this.#whole.events) event.element ??= this.listed.get(event.id) ?? null;
    this.byElement = new Map(this.#whole.events.filter(({ element }) => element).map((event) => [event.element, event]));
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

  /** Ask for the names of what is in view, once the reader rests and it is little. */
  #nameSoon() {
    clearTimeout(this.#pause);
    if (this.events !== this.#whole?.events) return;
    this.#pause = setTimeout(async () => {
      const nameless = this.lanes.flatMap((lane) => this.#seen(lane).map((place) => this.events[lane.order[place]]))
        .filter(({ title }) => title === undefined);
      const pages = new Set(nameless.map((event) => this.#whole.pageOf(event)));
      if (!pages.size || pages.size > MOST_PAGES) return;
      await Promise.all([...pages].map((page) => this.#name(page)));
      // Asked again at once, a server that does not answer would be asked for ever.
      if (nameless.every(({ title }) => title === undefined)) return;
      this.#isLaid = false;
      this.#show();
    }, PAUSE);
  }

  /** Draw these events: in the view that was, if they are those of the same list. */
  #take(events, isAnew = false) {
    this.#keepRoom(events.length);
    const isWhole = !isAnew || this.#scale <= this.#fitting;
    this.byElement = new Map(events.filter(({ element }) => element).map((event) => [event.element, event]));
    if (events === this.events) {
      this.#isLaid = false;
      return this.#show();
    }
    this.events = events;
    const held = this.#current ?? {};
    this.#current = this.#marked = null;
    const days = Float64Array.from(events.flatMap(({ lower, upper, marks }) => [lower, upper, marks.has("is-open") ? this.today : null])
      .filter((day) => day !== null)).sort();
    this.known = [days[0], days.at(-1)];
    const room = Math.max(3, (days.at(-1) + 1 - days[0]) / 30);
    this.first = days[0] - room;
    this.last = days.at(-1) + 1 + 3 * room; // Labels stand behind their marks.
    this.#survey();
    this.#divide();
    this.#isLaid = false;
    const named = (id) => events.find((event) => event.id && event.id === id);
    const current = named(held.id) ?? named(location.hash.slice(1)) ?? events.find(({ lower, upper }) => lower === held.lower && upper === held.upper) ?? events[0];
    this.#point(current, { isFocused: document.activeElement === this.stop });
    this.#note(null);
    this.#measure();
    if (isWhole) this.#fit();
    else this.#look(this.#scale, this.#start);
  }

  /** Work out once what all steps of a zoom have in common. Of each event there are two days and two ems. */
  #survey() {
    const { events } = this;
    this.middles = Float64Array.from(events, (event) => this.#middle(event) - this.first);
    events.forEach((event, place) => (event.place = place));
    const reaches = events.map((event) => this.#reach(event));
    this.days = Float64Array.from(reaches.flatMap(([from, , to]) => [from, to]));
    this.ems = Float64Array.from(reaches.flatMap(([, before, , behind]) => [before, behind]));
    this.extents = new Float64Array(2 * events.length);
  }

  /** Where an event's mark begins and ends: a day from the first, and ems from there; twice. */
  #reach({ place, lower, upper, marks }) {
    const middle = this.middles[place];
    if (marks.has("is-point")) return [middle, -0.5, middle, 0.5];
    const [start, end] = [lower === null ? null : lower - this.first, upper === null ? null : upper + 1 - this.first];
    return [
      ...(start !== null ? [start, 0] : marks.has("is-open-start") || end === null ? [0, 0] : [end, -3]),
      ...(end !== null ? [end, 0] : marks.has("is-open") || start === null ? [this.last - this.first, 0] : [start, 3]),
    ];
  }

  #layInLanes(by) {
    this.#lanesBy = by;
    this.#showLanes();
    this.#divide();
    this.#measure();
    this.#isLaid = false;
    this.#show();
  }

  #showLanes() {
    for (const [by, button] of this.laneButtons) button.ariaPressed = String(by === this.#lanesBy);
  }

  /** Put events into lanes: the fullest first, what is rare together in the last. */
  #divide() {
    const namesOf = LANES[this.#lanesBy] ?? (() => [""]);
    const lanes = new Map();
    for (const event of this.events) {
      for (const name of new Set(namesOf(event))) {
        if (!lanes.has(name)) lanes.set(name, []);
        lanes.get(name).push(event);
      }
    }
    const rest = lanes.get("") ?? [];
    if (lanes.size > 1) lanes.delete("");
    const sorted = [...lanes].sort(([, one], [, other]) => other.length - one.length);
    const others = new Set([...sorted.splice(MOST_LANES).flatMap(([, events]) => events), ...(lanes.has("") ? [] : rest)]);
    if (others.size) sorted.push([this.words.others, this.events.filter((event) => others.has(event))]);
    // As #reach has it: what never began is drawn from the first day.
    const beginning = ({ lower, upper, marks }) => lower ?? (marks.has("is-open-start") ? this.first : upper);
    const numbers = (events, keyOf) => Int32Array.from(events.toSorted((one, other) => keyOf(one) - keyOf(other)), ({ place }) => place);
    this.lanes = sorted.map(([name, events]) =>
      new Lane(name, numbers(events, beginning), numbers(events, ({ place }) => this.middles[place])));
  }

  /** Read sizes and colours from the style sheet, and give both canvases their size. */
  #measure(colours = null, fineness = devicePixelRatio) {
    const isLaned = this.#lanesBy !== "together";
    const style = getComputedStyle(this.canvas);
    this.font = `${style.fontSize} ${style.fontFamily}`;
    this.em = parseFloat(style.fontSize);
    this.row = Math.round(this.em * 1.75);
    this.foot = Math.round(this.em * (this.eras.length ? 3.5 : 2));
    this.colours = colours ?? {
      ink: style.color, paper: style.backgroundColor, rule: style.borderTopColor, soft: style.columnRuleColor,
      force: style.outlineColor, tint: style.caretColor, break: style.textDecorationColor,
    };
    this.place.classList.toggle("is-laned", isLaned);
    const head = Math.round(this.em * 1.6);
    const most = this.lanes.length > 3 ? 2 : 3;
    let below = 4;
    for (const lane of isLaned ? this.lanes : []) {
      lane.rows = Math.min(most, lane.order.length);
      lane.head = below;
      lane.base = below += head + lane.rows * this.row;
    }
    this.plot.style.setProperty("--tall", `${below + this.foot}px`);
    this.width = this.plot.clientWidth;
    this.height = this.plot.clientHeight;
    if (!isLaned) {
      const base = this.height - this.foot;
      Object.assign(this.lanes[0], { rows: Math.max(1, Math.floor((base - 8) / this.row)), base, head: null });
    }
    for (const canvas of [this.canvas, this.strip]) {
      const { clientWidth, clientHeight } = canvas.parentElement;
      canvas.width = Math.round(clientWidth * fineness);
      canvas.height = Math.round(clientHeight * fineness);
    }
    this.#paintOverview();
  }

  // Places on the scale

  get #fitting() {
    return this.width / (this.last - this.first);
  }

  #x(day) {
    return (day - this.#start) * this.#scale;
  }

  #dayAt(x) {
    return this.#start + x / this.#scale;
  }

  /** Where an event's mark begins and ends, in pixels of the view. */
  #extent({ place }) {
    const shift = (this.first - this.#start) * this.#scale;
    return [this.extents[2 * place] + shift, this.extents[2 * place + 1] + shift];
  }

  #fit() {
    this.#look(this.#fitting, this.first);
  }

  #zoom(factor, x = this.#anchor()) {
    const day = this.#dayAt(x);
    const scale = within(this.#scale * factor, this.#fitting, Math.max(CLOSEST, this.#fitting));
    this.#look(scale, day - x / scale);
  }

  /** The current event keeps its place in a zoom by button or key, if it is in view. */
  #anchor() {
    const x = this.#x(this.#middle(this.#current));
    return x > 0 && x < this.width ? x : this.width / 2;
  }

  #middle({ lower, upper }) {
    return ((lower ?? upper) + (upper ?? lower) + 1) / 2;
  }

  #centre(day) {
    this.#look(this.#scale, day - this.width / this.#scale / 2);
  }

  #look(scale, start) {
    this.#isLaid &&= scale === this.#scale;
    this.#scale = scale;
    this.#start = within(start, this.first, this.last - this.width / scale);
    this.#show();
  }

  // Rows, so that no two marks and no two labels meet

  #lay() {
    const { days, ems, extents, em } = this;
    const scale = this.#scale;
    for (let from = 0; from < days.length; from += 2) {
      extents[from] = days[from] * scale + ems[from] * em;
      extents[from + 1] = Math.max(days[from + 1] * scale + ems[from + 1] * em, extents[from] + em / 2);
    }
    const context = this.canvas.getContext("2d");
    context.font = this.font;
    for (const lane of this.lanes) {
      lane.lay(this, scale, (event) => this.#widthOf(this.events[event], context));
      lane.edges = [...lane.columns.keys()].sort((one, other) => one - other).map((column) => column * lane.cell);
      lane.most = [...lane.columns.values()].reduce((one, other) => Math.max(one, other), 4 * lane.rows);
    }
    this.#isLaid = true;
  }

  /** The places in a lane's order whose marks or labels are in view. */
  #seen({ order, rowOf, rooms }) {
    const { events, extents, em, width } = this;
    const shift = (this.first - this.#start) * this.#scale;
    const seen = [];
    for (let place = 0; place < order.length; place++) {
      const one = order[place];
      if (rowOf[place] < 0 || extents[2 * one] + shift >= width) continue;
      if (extents[2 * one + 1] + shift + Math.min(rooms[place], events[one].width + em) > 0) seen.push(place);
    }
    return seen;
  }

  /** How much is free behind a mark: up to the next one, or the next column of the band. */
  #roomOf({ order, rooms, columns, edges, cell }, place) {
    const to = this.extents[2 * order[place] + 1];
    return columns.has(Math.floor(to / cell)) ? 0 : Math.min(rooms[place], firstFrom(edges, to) - to);
  }

  #widthOf(event, context) {
    if (event.title === undefined) return (event.width = 0);
    return (event.width ||= context.measureText(event.title).width);
  }

  // Painting, once a frame at the most

  #show() {
    if (this.#waits) return;
    this.#waits = true;
    requestAnimationFrame(() => {
      this.#waits = false;
      this.#paint();
    });
  }

  #paint(fineness = devicePixelRatio) {
    if (!this.#isLaid) this.#lay();
    const paint = this.canvas.getContext("2d");
    paint.setTransform(fineness, 0, 0, fineness, 0, 0);
    paint.clearRect(0, 0, this.width, this.height);
    paint.font = this.font;
    paint.direction = this.isMirrored ? "rtl" : "ltr";
    paint.textBaseline = "middle";
    this.paint = paint;
    this.#paintScale();
    const held = document.activeElement === this.stop && this.#current;
    const isPrinted = this.place.classList.contains("is-printed");
    const chosen = new Set(isPrinted ? [] : [held, this.#marked].filter(Boolean));
    this.plates = Array.from(chosen, (event) => this.#plateOf(event));
    for (const lane of this.lanes) this.#paintLane(lane);
    for (const plate of this.plates) this.#paintPlate(plate);
    this.#placeStop();
    this.#placeFrame();
    this.#nameSoon();
  }

  /** A rectangle from one place to another, whichever way people read. */
  #box(from, to, y, height) {
    this.paint.fillRect(this.isMirrored ? this.width - to : from, y, to - from, height);
  }

  at(x) {
    return this.isMirrored ? this.width - x : x;
  }

  #write(words, x, y, colour, hasHalo = true) {
    const { paint } = this;
    if (hasHalo) {
      paint.lineWidth = 4;
      paint.lineJoin = "round";
      paint.strokeStyle = this.colours.paper;
      paint.strokeText(words, this.at(x), y);
    }
    paint.fillStyle = colour;
    paint.fillText(words, this.at(x), y);
  }

  #paintScale() {
    const { paint, colours, em } = this;
    const floor = this.height - this.foot;
    paint.textAlign = "start";
    let free = 0;
    for (const [day, words] of ticksOf(this.#start, this.#dayAt(this.width), (7 * em) / this.#scale, this)) {
      const x = this.#x(day);
      paint.fillStyle = colours.rule;
      this.#box(Math.round(x), Math.round(x) + 1, 0, this.height - em * 1.5);
      const end = x + 12 + paint.measureText(words).width;
      if (x < free || end - 8 > this.width) continue;
      this.#write(words, x + 4, this.height - em * 0.8, colours.soft, false);
      free = end;
    }
    paint.fillStyle = colours.soft;
    if (!this.eras.length) this.#box(0, this.width, floor, 1);
    for (const era of this.eras) this.#paintEra(era, floor + em * 0.75);
    const now = Math.round(this.#x(this.today));
    paint.fillStyle = colours.ink;
    for (let y = 0; y < floor; y += 6) this.#box(now, now + 1, y, 3);
  }

  /** The state of things, as the rail of the list draws it. */
  #paintEra({ lower, upper, shape, title }, y) {
    const { paint, colours, em } = this;
    const from = within(lower === null ? 0 : this.#x(lower), 0, this.width);
    const to = within(upper === null ? this.width : this.#x(upper + 1), 0, this.width);
    paint.fillStyle = { force: colours.force, reduced: colours.force, break: colours.break }[shape] ?? colours.soft;
    const [step, dash] = { break: [14, 7], contacts: [8, 3] }[shape] ?? [Infinity, Infinity];
    const thick = shape === "force" ? 5 : 2;
    for (let x = from; x < to; x += step) this.#box(x, Math.min(x + dash, to), y - thick / 2 - em * 0.5, thick);
    if (to - from > paint.measureText(title).width + 8) this.#write(title, from + 4, y + em * 0.55, colours.soft);
  }

  #paintLane(lane) {
    const { paint, colours, em, row } = this;
    const shift = (this.first - this.#start) * this.#scale;
    if (lane.head !== null) {
      paint.fillStyle = colours.rule;
      this.#box(0, this.width, lane.head, 1);
    }
    paint.fillStyle = colours.force;
    const most = Math.log(lane.most + 1);
    for (const [column, all] of lane.columns) {
      const from = column * lane.cell + shift;
      if (from > this.width || from + lane.cell < 0) continue;
      const height = (0.1 + 0.9 * (Math.log(all + 1) / most)) * (lane.rows >> 1) * row;
      paint.globalAlpha = 0.55;
      this.#box(from, from + lane.cell - 1, lane.base - height, height);
      paint.globalAlpha = 1;
    }
    const ends = []; // Of what is painted in each row.
    lane.before = new Set();
    for (const place of this.#seen(lane)) {
      const event = this.events[lane.order[place]];
      const [from, to] = this.#extent(event);
      const y = lane.base - (lane.rowOf[place] + 0.5) * row;
      paintMark(this, event, from, to, y);
      // Nothing is named under a plate, whose own name stands above all.
      const plate = this.plates.find((one) => one.y === y);
      if (plate?.left < to + event.width && from < plate.right) continue;
      // A label before its mark keeps off what was painted last in its row, and off the band.
      const edge = lane.edges.findLast((column) => column + lane.cell + shift < from) ?? -Infinity;
      const free = Math.max(0, plate?.left < from ? plate.right : 0, ends[lane.rowOf[place]] ?? 0, edge + lane.cell + shift);
      const side = this.#label(event, from, to, this.#roomOf(lane, place), free, y);
      if (side === "before") lane.before.add(place);
      ends[lane.rowOf[place]] = to + (side === "behind" ? event.width + em : 0);
    }
    if (lane.name) {
      paint.textAlign = "start";
      this.#write(lane.name, 2, lane.head + em * 0.95, colours.soft);
    }
  }

  /** Name an event behind its mark; at the edge of the view before it, or else upon it. */
  #label({ title, width }, from, to, room, free, y) {
    const { paint, em, colours } = this;
    if (!title) return null;
    const x = Math.max(to, 0) + em / 3;
    const left = Math.max(from, 0);
    const space = Math.min(room - Math.max(0, -to), this.width - x);
    paint.textAlign = "start";
    if (x + width > this.width && from - free > width + em) {
      this.#write(title, from - em / 3 - width, y, colours.ink);
      return "before";
    }
    if (x + width > this.width && Math.min(to, this.width) - left > width + 3 * em) {
      paint.fillStyle = colours.paper;
      this.#box(left + em, left + width + 1.6 * em, y - this.row / 2, this.row);
      this.#write(title, left + 1.3 * em, y, colours.ink, false);
      return null;
    }
    if (space >= width + em / 2) this.#write(title, x, y, colours.ink);
    else if (space >= 6 * em) this.#write(`${title.slice(0, Math.floor((title.length * (space - 1.5 * em)) / width))}…`, x, y, colours.ink);
    return "behind";
  }

  /** Where the event that the reader holds or points at stands, whole and above all others. */
  #plateOf(event) {
    const { em, width } = this;
    const [x, y] = this.#placeOf(event);
    const [from, to] = this.#extent(event);
    const end = within(to, 0, width);
    const fits = end + this.#widthOf(event, this.paint) + em < width;
    const [left, right] = fits ? [from, end + event.width + em] : [Math.min(from, x - event.width - em), to];
    return { event, x, y, from, to, left: left - em / 2, right, label: fits ? end + em / 3 : within(from, 0, width) - em / 3 - event.width };
  }

  #paintPlate({ event, x, y, from, to, left, right, label }) {
    const { paint, colours } = this;
    paint.fillStyle = colours.tint;
    this.#box(left, right, y - this.row / 2, this.row);
    paint.fillStyle = colours.ink;
    this.#box(Math.round(x), Math.round(x) + 1, y, this.height - this.foot - y);
    paintMark(this, event, from, to, y);
    paint.textAlign = "start";
    if (event.title) this.#write(event.title, label, y, colours.ink, false);
  }

  #paintOverview() {
    const paint = this.strip.getContext("2d");
    const { clientWidth: width, clientHeight: height } = this.overview;
    paint.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    paint.clearRect(0, 0, width, height);
    const cell = 4;
    const counts = new Map();
    for (const event of this.events) {
      const place = Math.floor(((this.#middle(event) - this.first) / (this.last - this.first)) * (width / cell));
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    const most = [...counts.values()].reduce((one, other) => Math.max(one, other), 1);
    paint.fillStyle = this.colours.force;
    for (const [place, count] of counts) {
      const tall = (0.25 + (0.75 * Math.log(count + 1)) / Math.log(most + 1)) * (height - 8);
      const x = place * cell;
      paint.fillRect(this.isMirrored ? width - x - cell : x, height - tall, cell - 1, tall);
    }
  }

  #placeFrame() {
    const share = (day) => (100 * (day - this.first)) / (this.last - this.first);
    const [first, last] = [this.#start, this.#dayAt(this.width)];
    this.frame.style.insetInlineStart = `min(${share(first)}%, 100% - 1.5rem)`; // It is never narrower.
    this.frame.style.inlineSize = `${share(last) - share(first)}%`;
    this.frame.ariaValueNow = String(Math.round(share((first + last) / 2)));
    const [from, to] = [Math.max(first, this.known[0]), Math.min(last, this.known[1])].map((day) => this.yearName(day));
    const period = from === to ? from : this.words.span.replace("{first}", from).replace("{last}", to);
    this.frame.ariaValueText = period;
    if (this.period.textContent === period) return;
    this.period.textContent = period;
    if (this.place.contains(document.activeElement) && document.activeElement !== this.frame) this.status.textContent = period;
  }

  // Words of the scale

  yearName(day) {
    const year = dateOf(day).getUTCFullYear();
    if (year < 1) return this.words.before.replace("{year}", 1 - year);
    return year < 1000 ? this.words.early.replace("{year}", year) : String(year);
  }

  // The current event

  /** Make an event the current one: its button takes the place of the last one's, with the focus. */
  #point(event, { isFocused = false } = {}) {
    this.#current = event;
    const stop = make("button", "scale-stop", { type: "button", "aria-label": this.#nameOf(event) });
    stop.addEventListener("click", () => this.#go(this.#current));
    this.stop?.remove();
    this.plot.append(stop);
    this.stop = stop;
    if (isFocused) stop.focus({ preventScroll: true });
    this.#note(event);
    if (event.title === undefined) {
      this.#name(this.#whole.pageOf(event)).then(() => {
        if (event !== this.#current || event.title === undefined) return;
        this.#marked = null;
        this.#point(event, { isFocused: document.activeElement === this.stop });
      });
    }
  }

  #nameOf(event) {
    if (event.title !== undefined) return `${event.words}: ${event.title}`;
    return this.words.number.replace("{number}", event.place + 1).replace("{all}", this.events.length);
  }

  /** Show which event the reader points at, here or in the list. */
  #note(event) {
    if (event === this.#marked) return;
    this.#marked = event;
    this.readout.replaceChildren(...(event?.title ? [make("b", "", {}, event.words), ` ${event.title}`] : [event ? this.#nameOf(event) : this.help]));
    this.#show();
  }

  #placeStop() {
    const [x, y] = this.#placeOf(this.#current);
    this.stop.style.translate = `${this.at(x)}px ${y}px`;
  }

  #placeOf(event) {
    const [from, to] = this.#extent(event);
    const x = within((from + to) / 2, 0, this.width);
    const rowIn = ({ order, rowOf }) => rowOf[order.indexOf(event.place)] ?? -2;
    const lane = this.lanes.find((one) => rowIn(one) >= 0) ?? this.lanes.find((one) => rowIn(one) === -1);
    return [x, lane.base - (Math.max(0, rowIn(lane)) + 0.5) * this.row];
  }

  #bringIntoView(event) {
    const day = this.#middle(event);
    const x = this.#x(day);
    if (x < 2 * this.em || x > this.width - 2 * this.em) this.#centre(day);
  }

  #move(event) {
    if (!event) return;
    this.#point(event, { isFocused: true });
    this.#bringIntoView(event);
  }

  /** Go to the event in the list. */
  #go(event) {
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

  // Keys, pointers, and the list

  #listen() {
    const { plot, part } = this;
    new ResizeObserver(() => this.#resize()).observe(plot);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
      matchMedia(query).addEventListener("change", () => this.#resize());
    }
    plot.addEventListener("keydown", (event) => this.#press(event, this.#keys));
    this.place.addEventListener("focusout", () => (this.status.textContent = ""));
    this.frame.addEventListener("keydown", (event) => this.#press(event, this.#frameKeys));
    plot.addEventListener("wheel", (event) => this.#turn(event), { passive: false });
    // The focus stays on the button of the current event.
    plot.addEventListener("mousedown", (event) => event.preventDefault());
    // Nor does a finger click once more on what has come under it.
    plot.addEventListener("touchend", (event) => event.cancelable && event.preventDefault());
    for (const kind of ["focusin", "focusout"]) plot.addEventListener(kind, () => this.#show());
    // A finger leaves whenever it is lifted.
    plot.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.#note(null));
    this.#drag();
    this.#dragFrame();
    document.addEventListener("filtered", () => this.read());
    addEventListener("beforeprint", () => this.#print());
    addEventListener("afterprint", () => this.#clearPaper());
    const listed = ({ target }) => this.byElement?.get(target.closest("[data-days]"));
    part.addEventListener("pointerover", (event) => {
      if (!this.place.contains(event.target)) this.#note(listed(event) ?? null);
    });
    part.addEventListener("focusin", (focus) => {
      const event = listed(focus);
      if (!event || event === this.#current) return;
      this.#point(event);
      this.#bringIntoView(event);
    });
  }

  /** Do what a key means here; keys that mean nothing here, and all with Ctrl or Alt, are the page's. */
  #press(event, keys) {
    const deed = !(event.ctrlKey || event.altKey || event.metaKey) && keys[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  get #steps() {
    const [forward, back] = this.isMirrored ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    const closer = () => this.#zoom(1.5);
    return { forward, back, zooms: { "+": closer, "=": closer, "-": () => this.#zoom(1 / 1.5), 0: () => this.#fit() } };
  }

  get #keys() {
    const { forward, back, zooms } = this.#steps;
    const by = (step) => () => this.#move(this.events[this.#current.place + step]);
    const lanes = (step) => () => this.#move(this.#beside(step));
    return {
      ...zooms,
      [forward]: by(1),
      [back]: by(-1),
      Home: () => this.#move(this.events[0]),
      End: () => this.#move(this.events.at(-1)),
      ...(this.lanes.length > 1 && { ArrowUp: lanes(-1), ArrowDown: lanes(1) }),
    };
  }

  /** The event of the next lane, up or down, that is nearest in time. */
  #beside(step) {
    // Who acted together share an event: one leaves the last of its lanes downwards, the first upwards.
    const place = this.lanes[step > 0 ? "findLastIndex" : "findIndex"](({ order }) => order.includes(this.#current.place));
    const distance = (event) => Math.abs(this.#middle(event) - this.#middle(this.#current));
    const others = Array.from(this.lanes[place + step]?.order ?? [], (one) => this.events[one]);
    return others.reduce((one, other) => (distance(other) < distance(one) ? other : one), others[0]);
  }

  get #frameKeys() {
    const { forward, back, zooms } = this.#steps;
    const by = (share) => () => this.#look(this.#scale, this.#start + (share * this.width) / this.#scale);
    return {
      ...zooms,
      [forward]: by(0.1), ArrowUp: by(0.1), PageUp: by(1), End: by(Infinity),
      [back]: by(-0.1), ArrowDown: by(-0.1), PageDown: by(-1), Home: by(-Infinity),
    };
  }

  /** Zoom by the wheel with Ctrl, which is also how a pinch of a trackpad is told; turned sideways it pans. All else is the page's. */
  #turn(event) {
    const { deltaX, deltaY, deltaMode, ctrlKey, metaKey } = event;
    const start = this.#start;
    const pixels = deltaMode ? 16 : 1;
    const isZoom = ctrlKey || metaKey;
    if (isZoom) this.#zoom(Math.exp(-within(deltaY * pixels, -60, 60) * 0.01), this.#inside(event)[0]);
    else if (Math.abs(deltaX) > Math.abs(deltaY)) this.#look(this.#scale, start + ((this.isMirrored ? -deltaX : deltaX) * pixels) / this.#scale);
    if (isZoom || Math.abs(this.#start - start) * this.#scale > 0.1) event.preventDefault();
  }

  #inside({ clientX, clientY }, element = this.plot) {
    const { left, right, top } = element.getBoundingClientRect();
    return [this.isMirrored ? right - clientX : clientX - left, clientY - top];
  }

  #drag() {
    const { plot } = this;
    const held = new Map();
    let travelled = 0;
    plot.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      plot.setPointerCapture(event.pointerId);
      held.set(event.pointerId, this.#inside(event)[0]);
      if (held.size === 1) travelled = 0;
      this.stop.focus({ preventScroll: true });
    });
    plot.addEventListener("pointermove", (event) => {
      const [x, y] = this.#inside(event);
      if (!held.has(event.pointerId)) return this.#hover(x, y);
      const [one, other] = held.values();
      const before = held.get(event.pointerId);
      held.set(event.pointerId, x);
      travelled += Math.abs(x - before);
      this.#look(this.#scale, this.#start - (x - before) / held.size / this.#scale);
      if (held.size !== 2) return;
      const [first, second] = held.values();
      this.#zoom(Math.max(8, Math.abs(first - second)) / Math.max(8, Math.abs(one - other)), (first + second) / 2);
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      plot.addEventListener(kind, (event) => {
        const isOurs = held.delete(event.pointerId);
        if (isOurs && kind === "pointerup" && travelled < 6) this.#tap(...this.#inside(event), event.pointerType);
      });
    }
  }

  #hover(x, y) {
    const found = this.#find(x, y);
    this.plot.classList.toggle("has-mark", Boolean(found));
    this.#note(found?.event ?? null);
  }

  /** A finger cannot point without touching: its first tap shows an event, its second goes there. */
  #tap(x, y, by) {
    const found = this.#find(x, y);
    if (found?.column) return this.#zoom(4, x);
    if (!found) return;
    const isKnown = by !== "touch" || found.event === this.#marked;
    this.#point(found.event, { isFocused: true });
    if (isKnown) this.#go(found.event);
  }

  /** What is painted at a place: an event with its label, or a column of the density band. */
  #find(x, y) {
    const shift = (this.first - this.#start) * this.#scale;
    const near = this.em / 2;
    for (const lane of this.lanes) {
      const place = Math.floor((lane.base - y) / this.row);
      if (place < 0 || place >= lane.rows) continue;
      const found = this.#seen(lane).findLast((one) => {
        const event = this.events[lane.order[one]];
        const [from, to] = this.#extent(event);
        const before = lane.before.has(one) ? event.width : 0;
        return lane.rowOf[one] === place && x >= from - before - near && x <= to + Math.min(this.#roomOf(lane, one), event.width) + near;
      });
      if (found !== undefined) return { event: this.events[lane.order[found]] };
      const column = lane.columns.get(Math.floor((x - shift) / lane.cell));
      if (column) return { column };
    }
    return null;
  }

  // The frame over the whole time

  #dragFrame() {
    const { overview } = this;
    let grip = null;
    const dayUnder = (event) =>
      this.first + (this.#inside(event, overview)[0] / overview.clientWidth) * (this.last - this.first);
    overview.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const day = dayUnder(event);
      const [first, last] = [this.#start, this.#dayAt(this.width)];
      const edge = Math.min((this.em * (this.last - this.first)) / overview.clientWidth, (last - first) / 4);
      if (day < first - edge || day > last + edge) this.#centre(day);
      const end = [first, last].find((one) => Math.abs(one - day) <= edge);
      grip = { end: end === first ? "first" : end && "last", offset: day - this.#start };
      overview.setPointerCapture(event.pointerId);
    });
    overview.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const day = dayUnder(event);
      const [first, last] = [this.#start, this.#dayAt(this.width)];
      if (grip.end === "first") this.#span(Math.min(day, last - 1), last);
      else if (grip.end) this.#span(first, Math.max(day, first + 1));
      else this.#look(this.#scale, day - grip.offset);
    });
    for (const kind of ["pointerup", "pointercancel"]) overview.addEventListener(kind, () => (grip = null));
  }

  #span(first, last) {
    this.#look(within(this.width / (last - first), this.#fitting, Math.max(CLOSEST, this.#fitting)), first);
  }

  /** For paper: the whole of it in black, as fine as a printer, for a sheet that stands and one that lies. */
  #print() {
    this.#clearPaper();
    if (this.place.hidden) return;
    const seen = [this.#start, this.#scale, this.width];
    const black = { ink: "black", paper: "white", rule: "silver", soft: "dimgray", force: "rgb(0, 0, 0)", break: "rgb(0, 0, 0)", tint: "white" };
    for (const sheet of ["is-upright", "is-broad"]) {
      this.place.classList.add("is-printed", sheet);
      this.#measure(black, 3);
      this.#isLaid = false;
      this.#fit();
      this.#paint(3);
      const paper = make("canvas", `scale-paper ${sheet}`);
      Object.assign(paper, { width: this.canvas.width, height: this.canvas.height });
      paper.getContext("2d").drawImage(this.canvas, 0, 0);
      this.plot.append(paper);
      this.place.classList.remove("is-printed", sheet);
    }
    [this.#start, this.#scale, this.width] = seen;
    this.#resize();
  }

  #clearPaper() {
    for (const paper of this.plot.querySelectorAll(".scale-paper")) paper.remove();
  }

  #resize() {
    if (this.place.hidden || !this.plot.clientWidth) return;
    const isWhole = this.#scale <= this.#fitting;
    this.#measure();
    this.#isLaid = false;
    if (isWhole) this.#fit();
    else this.#look(this.#scale, this.#start);
    // A canvas that gets a size is empty: until the next frame nothing would be seen.
    this.#paint();
  }
}

for (const place of document.querySelectorAll("[data-timeline-drawing]")) new Drawing(place);

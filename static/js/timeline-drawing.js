/**
 * Draws a timeline on a scale, above the list that it is made from: <div data-timeline-drawing>.
 *
 * Marks are painted on a canvas, so that ten thousand cost no element each. All positions are
 * counted from where reading begins, and mirrored when painted. Listens to "filtered".
 *
 * Holds the parts together, and takes all that the other files make: the list gives it events, the
 * layout says where they lie in the view of the scale, and whatever moves that view or changes what
 * is chosen has all painted anew, once a frame at the most.
 */
class Drawing {
  #lanesBy = "together";
  #waits = false;

  constructor(place) {
    const words = place.dataset;
    const part = place.parentElement;
    Object.assign(this, { place, words });
    this.scale = new Scale(getComputedStyle(place).direction === "rtl", () => middleOf(this.current.event), () => this.show());
    this.calendar = new Calendar(place.closest("[lang]").lang, words);
    this.painting = new Painting(this.scale);
    this.plot = make("div", "scale-plot", { role: "group", "aria-label": words.events, "aria-description": words.help }, this.painting.canvas);
    this.overview = makeOverview(this);
    this.list = new List(this, part);
    this.current = new Current(this);
    place.replaceChildren(makeTools(this, (by) => this.#layInLanes(by)), this.plot, this.overview.element, this.current.readout);
    listenToKeys(this);
    listenToPointers(this);
    this.#listen(part);
    this.list.read();
  }

  #listen(part) {
    const { place, plot, list, current } = this;
    new ResizeObserver(() => this.resize()).observe(plot);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
      matchMedia(query).addEventListener("change", () => this.resize());
    }
    for (const kind of ["focusin", "focusout"]) plot.addEventListener(kind, () => this.show());
    document.addEventListener("filtered", () => list.read());
    addEventListener("beforeprint", () => layOnPaper(this));
    addEventListener("afterprint", () => clearPaper(plot));
    part.addEventListener("pointerover", ({ target }) => {
      if (!place.contains(target)) current.note(list.eventAt(target) ?? null);
    });
    part.addEventListener("focusin", ({ target }) => {
      const event = list.eventAt(target);
      if (event !== current.event) current.move(event);
    });
  }

  // What it shows

  /** Of a list that is read; an empty one has no drawing. */
  begin(eras, count) {
    this.eras = eras;
    this.place.hidden = !count;
  }

  /** Draw these events: in the view that was, if they are those of the same list. */
  take(events, isAnew = false) {
    const { scale, words } = this;
    // As tall as the events need it, as templates/timeline/_drawing.html has it before this is there.
    if (events.length < 13) words.rows = Math.min(events.length, 8);
    else delete words.rows;
    if (events === this.layout?.events) return this.renew();
    const isWhole = !isAnew || scale.isWhole;
    scale.reach(...boundsOf(events, this.calendar.today));
    this.layout = new Layout(events, scale);
    this.layout.divide(this.#lanesBy, words.others);
    this.current.take(events);
    this.#settle(isWhole);
  }

  /** Find room anew: for the whole time, or for as much as there fits of it. */
  #settle(isWhole) {
    this.measure();
    if (isWhole) this.scale.fit();
    else this.scale.look();
  }

  #layInLanes(by) {
    this.#lanesBy = by;
    this.layout.divide(by, this.words.others);
    this.#settle(false);
  }

  /** Read sizes and colours from the style sheet, and give both canvases their size. */
  measure(colours = null, fineness = devicePixelRatio) {
    const { painting, layout, plot } = this;
    painting.read(this.eras.length ? 3.5 : 2, colours);
    this.place.classList.toggle("is-laned", layout.isLaned);
    plot.style.setProperty("--tall", `${layout.stack(painting) + painting.foot}px`);
    this.scale.width = plot.clientWidth;
    painting.height = plot.clientHeight;
    layout.fill(painting.floor);
    for (const canvas of [painting.canvas, this.overview.strip]) {
      const { clientWidth, clientHeight } = canvas.parentElement;
      canvas.width = Math.round(clientWidth * fineness);
      canvas.height = Math.round(clientHeight * fineness);
    }
    this.overview.paint();
  }

  resize() {
    if (this.place.hidden || !this.plot.clientWidth) return;
    this.#settle(this.scale.isWhole);
    // A canvas that gets a size is empty: until the next frame nothing would be seen.
    this.paint();
  }

  /** Paint anew, also where marks lie. */
  renew() {
    this.layout.laidAt = null;
    this.show();
  }

  show() {
    if (this.#waits) return;
    this.#waits = true;
    requestAnimationFrame(() => {
      this.#waits = false;
      this.paint();
    });
  }

  paint(fineness = devicePixelRatio) {
    const { painting, layout, current } = this;
    painting.begin(fineness);
    layout.lay(painting);
    paintGround(painting, this.calendar, this.eras);
    const chosen = this.place.classList.contains("is-printed") ? [] : current.chosen;
    const plates = Array.from(chosen, (event) => plateOf(painting, layout, event));
    for (const lane of layout.lanes) paintLane(painting, layout, lane, plates);
    for (const plate of plates) paintPlate(painting, plate);
    current.place();
    this.overview.place();
    this.list.nameSoon();
  }
}

for (const place of document.querySelectorAll("[data-timeline-drawing]")) new Drawing(place);

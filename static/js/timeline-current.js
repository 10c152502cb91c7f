/**
 * The current event of a timeline, and the one that is pointed at, with their names for screen
 * readers and for others. One button lies over the mark of the current event and moves with it, so
 * that keys and screen readers have something to hold.
 *
 * Takes of the drawing its scale, layout, painting (em, at), list (go, name), plot, words and
 * show(); make() of timeline-tools.js and middleOf() of timeline-events.js.
 */
class Current {
  event = null;
  // What the reader points at, here or in the list.
  marked = null;
  readout = make("p", "scale-readout", { "aria-hidden": "true" });
  #stop;

  constructor(drawing) {
    this.drawing = drawing;
    const { help, wheel, touch } = drawing.words;
    this.help = matchMedia("(hover: none)").matches ? touch : `${help} ${wheel}`;
  }

  get hasFocus() {
    return document.activeElement === this.#stop;
  }

  /** What is painted whole, above all others. */
  get chosen() {
    return new Set([this.hasFocus && this.event, this.marked].filter(Boolean));
  }

  /** Among other events: the one that was, that of the address, one of the same days, or the first. */
  take(events) {
    const held = this.event ?? {};
    this.marked = null;
    const named = (id) => events.find((event) => event.id && event.id === id);
    const current = named(held.id) ?? named(location.hash.slice(1)) ?? events.find(({ lower, upper }) => lower === held.lower && upper === held.upper) ?? events[0];
    this.point(current);
    this.note(null);
  }

  /** Make an event the current one: its button takes the place of the last one's, with the focus if that has it. */
  point(event) {
    const { list, plot } = this.drawing;
    const { hasFocus } = this;
    this.event = event;
    const stop = make("button", "scale-stop", { type: "button", "aria-label": this.#nameOf(event) });
    stop.addEventListener("click", () => list.go(this.event));
    this.#stop?.remove();
    plot.append(stop);
    this.#stop = stop;
    if (hasFocus) this.focus();
    this.note(event);
    if (event.title === undefined) {
      list.name(event).then(() => {
        if (event !== this.event || event.title === undefined) return;
        this.marked = null;
        this.point(event);
      });
    }
  }

  /** Its number among all as long as its name is on its way. */
  #nameOf(event) {
    if (event.title !== undefined) return `${event.words}: ${event.title}`;
    const { words, layout } = this.drawing;
    return words.number.replace("{number}", event.place + 1).replace("{all}", layout.events.length);
  }

  focus() {
    this.#stop.focus({ preventScroll: true });
  }

  /** Show which event the reader points at. */
  note(event) {
    if (event === this.marked) return;
    this.marked = event;
    this.readout.replaceChildren(...(event?.title ? [make("b", "", {}, event.words), ` ${event.title}`] : [event ? this.#nameOf(event) : this.help]));
    this.drawing.show();
  }

  /** Put the button over its mark. */
  place() {
    const [x, y] = this.drawing.layout.placeOf(this.event);
    this.#stop.style.translate = `${this.drawing.painting.at(x)}px ${y}px`;
  }

  /** Go on to an event, if there is one, and bring it into view. */
  move(event) {
    if (!event) return;
    const { scale, painting } = this.drawing;
    this.point(event);
    const day = middleOf(event);
    const x = scale.x(day);
    if (x < 2 * painting.em || x > scale.width - 2 * painting.em) scale.centre(day);
  }
}

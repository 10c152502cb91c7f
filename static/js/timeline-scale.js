/**
 * Which days of a timeline are in view, and where each of them lies: in pixels from the edge where
 * reading begins.
 *
 * Takes nothing from the other files. They move the view by fit, zoom, centre, pan, span and look.
 */
// Pixels a day.
const CLOSEST = 40;

const within = (value, least, most) => Math.max(least, Math.min(value, most));

class Scale {
  // The day at the edge where reading begins.
  start = 0;
  // How many make a day.
  pixels = 0;

  /** `held` gives the day that a zoom keeps in its place; `moved` is told of every move. */
  constructor(isMirrored, held, moved) {
    Object.assign(this, { isMirrored, held, moved });
  }

  /** Hold these days, with room around them: labels stand behind their marks. */
  reach(first, last) {
    const room = Math.max(3, (last + 1 - first) / 30);
    this.known = [first, last];
    this.first = first - room;
    this.last = last + 1 + 3 * room;
  }

  /** Pixels a day where all is in view. */
  get fitting() {
    return this.width / (this.last - this.first);
  }

  get isWhole() {
    return this.pixels <= this.fitting;
  }

  /** Where the first day lies. */
  get shift() {
    return this.x(this.first);
  }

  /** The day at the other edge. */
  get end() {
    return this.dayAt(this.width);
  }

  x(day) {
    return (day - this.start) * this.pixels;
  }

  dayAt(x) {
    return this.start + x / this.pixels;
  }

  /** Where in an element a pointer is: from the edge where reading begins, and from above. */
  inside(element, { clientX, clientY }) {
    const { left, right, top } = element.getBoundingClientRect();
    return [this.isMirrored ? right - clientX : clientX - left, clientY - top];
  }

  fit() {
    this.look(this.fitting, this.first);
  }

  zoom(factor, x = this.#anchor()) {
    const day = this.dayAt(x);
    const pixels = this.#allowed(this.pixels * factor);
    this.look(pixels, day - x / pixels);
  }

  /** The held day keeps its place in a zoom by button or key, if it is in view. */
  #anchor() {
    const x = this.x(this.held());
    return x > 0 && x < this.width ? x : this.width / 2;
  }

  #allowed(pixels) {
    return within(pixels, this.fitting, Math.max(CLOSEST, this.fitting));
  }

  centre(day) {
    this.look(this.pixels, day - this.width / this.pixels / 2);
  }

  /** Move by so many pixels. */
  pan(way) {
    this.look(this.pixels, this.start + way / this.pixels);
  }

  /** Show the time from one day to another. */
  span(first, last) {
    this.look(this.#allowed(this.width / (last - first)), first);
  }

  look(pixels = this.pixels, start = this.start) {
    this.pixels = pixels;
    this.start = within(start, this.first, this.last - this.width / pixels);
    this.moved();
  }
}

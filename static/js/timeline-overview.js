/**
 * The whole time of a timeline in one strip, and the frame over what is in view: a slider that
 * keys move (timeline-keys.js), and that is drawn along or widened by the pointer. It says which
 * period is in view, for screen readers and for others.
 *
 * Takes of the drawing its place, words, scale, layout (middles), painting (em, colours) and
 * calendar; make() of timeline-tools.js.
 */
const makeOverview = (drawing) => {
  const { place, words, scale, painting, calendar } = drawing;
  const strip = make("canvas", "");
  const frame = make("div", "scale-frame", {
    role: "slider", tabindex: "0", "aria-label": words.period, "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0",
  });
  // The slider says the same to who moves it; a status to who moves it otherwise.
  const period = make("p", "scale-period", { "aria-hidden": "true" });
  const status = make("p", "visually-hidden", { role: "status" });
  place.addEventListener("focusout", () => (status.textContent = ""));
  const element = make("div", "scale-overview", {}, strip, frame);

  // By its middle the frame is moved, by an edge widened; beside it the view jumps.
  let grip = null;
  const dayUnder = (event) =>
    scale.first + (scale.inside(element, event)[0] / element.clientWidth) * (scale.last - scale.first);
  element.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const day = dayUnder(event);
    const { start, end } = scale;
    const edge = Math.min((painting.em * (scale.last - scale.first)) / element.clientWidth, (end - start) / 4);
    if (day < start - edge || day > end + edge) scale.centre(day);
    const held = [start, end].find((one) => Math.abs(one - day) <= edge);
    grip = { end: held === start ? "first" : held && "last", offset: day - scale.start };
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const day = dayUnder(event);
    const { start, end } = scale;
    if (grip.end === "first") scale.span(Math.min(day, end - 1), end);
    else if (grip.end) scale.span(start, Math.max(day, start + 1));
    else scale.look(scale.pixels, day - grip.offset);
  });
  for (const kind of ["pointerup", "pointercancel"]) element.addEventListener(kind, () => (grip = null));

  return {
    element,
    strip,
    frame,
    said: [period, status],

    /** Paint how many events there are at each time. */
    paint() {
      const paint = strip.getContext("2d");
      const { clientWidth: width, clientHeight: height } = element;
      paint.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      paint.clearRect(0, 0, width, height);
      const cell = 4;
      const counts = new Map();
      for (const middle of drawing.layout.middles) {
        const place = Math.floor((middle / (scale.last - scale.first)) * (width / cell));
        counts.set(place, (counts.get(place) ?? 0) + 1);
      }
      const most = [...counts.values()].reduce((one, other) => Math.max(one, other), 1);
      paint.fillStyle = painting.colours.force;
      for (const [place, count] of counts) {
        const tall = (0.25 + (0.75 * Math.log(count + 1)) / Math.log(most + 1)) * (height - 8);
        const x = place * cell;
        paint.fillRect(scale.isMirrored ? width - x - cell : x, height - tall, cell - 1, tall);
      }
    },

    /** Put the frame over what is in view, and say which period that is. */
    place() {
      const { start, end, known } = scale;
      const share = (day) => (100 * (day - scale.first)) / (scale.last - scale.first);
      // It is never narrower.
      frame.style.insetInlineStart = `min(${share(start)}%, 100% - 1.5rem)`;
      frame.style.inlineSize = `${share(end) - share(start)}%`;
      frame.ariaValueNow = String(Math.round(share((start + end) / 2)));
      const [from, to] = [Math.max(start, known[0]), Math.min(end, known[1])].map((day) => calendar.yearName(day));
      const name = from === to ? from : words.span.replace("{first}", from).replace("{last}", to);
      frame.ariaValueText = name;
      if (period.textContent === name) return;
      period.textContent = name;
      if (place.contains(document.activeElement) && document.activeElement !== frame) status.textContent = name;
    },
  };
};

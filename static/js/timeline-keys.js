/**
 * The keys of a timeline: those of its events, and those of the frame over its overview.
 *
 * Takes of the drawing its scale, layout, current, plot and overview (frame); middleOf() of
 * timeline-events.js.
 */

/** Do what a key means here; keys that mean nothing here, and all with Ctrl or Alt, are the page's. */
const press = (event, keys) => {
  const deed = !(event.ctrlKey || event.altKey || event.metaKey) && keys[event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
};

/** The event of the next lane, up or down, that is nearest in time. */
const besideOf = (current, { lanes, events }, step) => {
  // Who acted together share an event: one leaves the last of its lanes downwards, the first upwards.
  const place = lanes[step > 0 ? "findLastIndex" : "findIndex"](({ order }) => order.includes(current.place));
  const distance = (event) => Math.abs(middleOf(event) - middleOf(current));
  const others = Array.from(lanes[place + step]?.order ?? [], (one) => events[one]);
  return others.reduce((one, other) => (distance(other) < distance(one) ? other : one), others[0]);
};

const listenToKeys = (drawing) => {
  const { scale, current, plot, overview } = drawing;
  const [forward, back] = scale.isMirrored ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  const closer = () => scale.zoom(1.5);
  const zooms = { "+": closer, "=": closer, "-": () => scale.zoom(1 / 1.5), 0: () => scale.fit() };

  plot.addEventListener("keydown", (event) => {
    const { events, lanes } = drawing.layout;
    const by = (step) => () => current.move(events[current.event.place + step]);
    const across = (step) => () => current.move(besideOf(current.event, drawing.layout, step));
    press(event, {
      ...zooms,
      [forward]: by(1),
      [back]: by(-1),
      Home: () => current.move(events[0]),
      End: () => current.move(events.at(-1)),
      ...(lanes.length > 1 && { ArrowUp: across(-1), ArrowDown: across(1) }),
    });
  });

  const by = (share) => () => scale.pan(share * scale.width);
  const frameKeys = {
    ...zooms,
    [forward]: by(0.1), ArrowUp: by(0.1), PageUp: by(1), End: by(Infinity),
    [back]: by(-0.1), ArrowDown: by(-0.1), PageDown: by(-1), Home: by(-Infinity),
  };
  overview.frame.addEventListener("keydown", (event) => press(event, frameKeys));
};

/**
 * The buttons above a timeline: lanes on one side, zoom on the other; and how elements are made.
 *
 * Takes of the drawing its words, scale, calendar and what its overview says; LANES of
 * timeline-lanes.js.
 */
const make = (name, className, attributes = {}, ...children) => {
  const element = document.createElement(name);
  element.className = className;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

/** Tools for a drawing, which is told when other lanes are wanted. */
const makeTools = ({ words, scale, calendar, overview }, layInLanes) => {
  const button = (text, label, deed) => {
    const made = make("button", "button", { type: "button" }, text);
    if (label) made.ariaLabel = label;
    made.addEventListener("click", deed);
    return made;
  };
  const lanes = Object.keys(LANES).map((by) => button(words[by], "", ({ currentTarget }) => {
    press(currentTarget);
    layInLanes(by);
  }));
  const press = (chosen) => {
    for (const one of lanes) one.ariaPressed = String(one === chosen);
  };
  press(lanes[0]);
  return make("div", "scale-tools", {},
    make("div", "scale-buttons", { role: "group", "aria-label": words.lanes }, ...lanes),
    ...overview.said,
    make("div", "scale-buttons", {},
      button("−", words.out, () => scale.zoom(1 / 2)),
      button("+", words.in, () => scale.zoom(2)),
      button(words.fit, "", () => scale.fit()),
      button(words.today, "", () => scale.centre(calendar.today)),
    ),
  );
};

/**
 * Says beside a day and time in the site's zone what it is in UTC: <div data-moment data-zone="…"><input>
 */
for (const frame of document.querySelectorAll("[data-moment]")) prepare(frame);
document.addEventListener("desk:added", (event) => {
  for (const frame of event.target.querySelectorAll("[data-moment]")) prepare(frame);
});

function prepare(frame) {
  const { zone } = frame.dataset;
  if (zone === "UTC") return;
  const field = frame.querySelector("input");
  const shown = document.createElement("output");
  shown.className = "desk-in-utc";
  frame.append(shown);
  const say = () => {
    const moment = field.value ? inZone(field.value, zone) : null;
    shown.textContent = moment ? `= ${moment.toISOString().slice(0, 16).replace("T", " ")} UTC` : "";
  };
  field.addEventListener("input", say);
  say();
}

/** The moment at which clocks in the zone show the day and time, typed as 2026-11-22T14:03. */
function inZone(typed, zone) {
  const asIfUtc = Date.parse(`${typed}Z`);
  if (Number.isNaN(asIfUtc)) return null;
  // Twice, because the offset may change between the guess and the moment itself.
  const guess = asIfUtc - offset(asIfUtc, zone);
  return new Date(asIfUtc - offset(guess, zone));
}

/** How far the zone is ahead of UTC at a moment, in milliseconds. */
function offset(moment, zone) {
  const names = ["year", "month", "day", "hour", "minute", "second"];
  const options = { timeZone: zone, hourCycle: "h23", ...Object.fromEntries(names.map((name) => [name, "numeric"])) };
  const parts = new Intl.DateTimeFormat("en-GB", options).formatToParts(moment);
  const [year, month, ...rest] = names.map((name) => Number(parts.find(({ type }) => type === name).value));
  return Date.UTC(year, month - 1, ...rest) - Math.floor(moment / 1000) * 1000;
}

/**
 * Sends a comment's form without leaving the page: <form data-in-place="stay">.
 *
 * The answer is the page that a browser without scripts would show. If it has the form again, with
 * what is wrong or with a preview, that form takes this one's place. If it shows what was accepted
 * (data-accepted), this is put before the form, or the browser goes there ("leave"). Whatever else
 * it says is said below the buttons, and the form keeps all that was typed.
 *
 * Tells others, on the form: "accepted", "renewed" (on the new form).
 */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-in-place]")) return;
  event.preventDefault();
  if (!form.ariaBusy) send(form, event.submitter);
});

async function send(form, button) {
  const outcome = form.querySelector("[data-outcome]");
  form.ariaBusy = "true";
  outcome.textContent = form.dataset.sending;
  try {
    const body = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "text/html" }, body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    outcome.textContent = take(form, page, answer) ?? "";
  } catch {
    outcome.textContent = form.dataset.failed;
  }
  form.ariaBusy = null;
}

/** Does what the answer asks for; returns what is to be said, if anything. */
function take(form, page, answer) {
  const again = page.querySelector("form[data-in-place]");
  const accepted = page.querySelector("[data-accepted]");
  if (again?.querySelector("[data-focus]")) renew(form, again);
  else if (answer.ok && accepted && form.dataset.inPlace === "stay") {
    show(form, accepted, page.querySelector("h1").textContent);
  } else if (answer.ok) {
    tell(form, "accepted");
    location.assign(answer.url);
  } else return page.querySelector("[data-reason]")?.textContent ?? form.dataset.failed;
}

function renew(form, again) {
  again.dataset.inPlace = form.dataset.inPlace;
  form.replaceWith(again);
  tell(again, "renewed");
  again.querySelector("[data-focus]").focus();
}

function show(form, accepted, heading) {
  const shown = document.createElement("div");
  const said = document.createElement("p");
  said.className = "waiting";
  said.textContent = heading;
  shown.className = "thread sent";
  shown.tabIndex = -1;
  shown.setAttribute("role", "status");
  for (const hidden of accepted.querySelectorAll("[hidden]")) hidden.hidden = false;
  form.before(shown);
  shown.append(said, accepted);
  form.elements.body.value = "";
  form.querySelector(":is(.preview, .error-summary)")?.remove();
  tell(form, "accepted");
  shown.focus();
}

function tell(form, what) {
  form.dispatchEvent(new Event(what, { bubbles: true }));
}

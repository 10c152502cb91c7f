/**
 * Tells the site when somebody began to write, and does the work that it may ask for.
 *
 * For each form with fields `[data-guard]`: once somebody enters it, its page's moment and, where
 * the rules ask for it, a challenge are fetched from `challenge/` below the form's own address; a
 * worker solves it meanwhile. Who sends before that is done waits for it, at most a few seconds.
 * Whatever fails is left out: an editor then reads the comment first.
 */
const LONGEST_WAIT = 15_000;

for (const field of document.querySelectorAll('[data-guard="age"]')) guard(field.form);

function guard(form) {
  const field = (name) => form.querySelector(`[data-guard="${name}"]`);
  let working = null;
  let isLetThrough = false;

  const begin = () => {
    working ??= prepare(form.action, field("age").dataset.worker).then(({ age, solution }) => {
      field("age").value ||= age;
      field("work").value = solution;
    }, () => {}).finally(() => { isLetThrough = true; });
  };
  form.addEventListener("focusin", begin);
  // In the way of everything else that listens: scripts send what the fields hold then.
  form.addEventListener("submit", (event) => {
    begin();
    if (isLetThrough) {
      // What was solved buys one comment: another one sent from here begins anew.
      queueMicrotask(() => { working = null; isLetThrough = false; });
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const sender = event.submitter;
    Promise.race([working, sleep(LONGEST_WAIT)]).then(() => {
      isLetThrough = true;
      form.requestSubmit(sender);
    });
  }, { capture: true });
}

/** Returns the signed moment of now and the solution of the challenge, "" if there is none. */
async function prepare(action, worker) {
  const answer = await fetch(new URL("challenge/", new URL(action, location)), { cache: "no-store" });
  if (!answer.ok) throw new Error(`The challenge was answered with ${answer.status}.`);
  const { age, work } = await answer.json();
  return { age, solution: work ? await solve(work, worker) : "" };
}

/** Returns the solution of a challenge as the form sends it. */
function solve(challenge, url) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url);
    const end = (deed) => (event) => { worker.terminate(); deed(event); };
    worker.onmessage = end(({ data }) => {
      data ? resolve(btoa(JSON.stringify({ challenge, solution: data }))) : resolve("");
    });
    worker.onerror = end(reject);
    worker.postMessage(challenge.parameters);
  });
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

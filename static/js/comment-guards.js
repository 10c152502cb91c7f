/**
 * Tells the site when somebody began to write, and does the work that it may ask for.
 *
 * For each form with fields `[data-guard]`, also one that another script puts into the page: once
 * somebody enters it, the moment and, where the rules ask for it, a challenge are fetched from
 * `challenge/` below the form's own address; a worker solves it meanwhile. Who sends before that is
 * done waits for it, at most a few seconds. Whatever fails is left out: an editor then reads the
 * comment first.
 */
const LONGEST_WAIT = 15_000;
/** What is being done for a form: `{done: promise, isDone}`. */
const begun = new WeakMap();

document.addEventListener("focusin", (event) => begin(event.target.form));
// In the way of everything else that listens: scripts send what the fields hold then.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const work = begin(form);
  if (!work || event.submitter?.name === "preview") return;
  if (work.isDone) {
    // What was solved buys one comment: another one sent from here begins anew.
    queueMicrotask(() => begun.delete(form));
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const sender = event.submitter;
  Promise.race([work.done, sleep(LONGEST_WAIT)]).then(() => {
    work.isDone = true;
    form.requestSubmit(sender);
  });
}, { capture: true });

/** Begins the work for a form, unless it is begun; returns it, undefined for any other form. */
function begin(form) {
  const age = form?.querySelector('[data-guard="age"]');
  if (!age) return undefined;
  if (!begun.has(form)) {
    const work = { isDone: false };
    work.done = prepare(form.action, age.dataset.worker)
      .then((prepared) => {
        age.value ||= prepared.age;
        form.querySelector('[data-guard="work"]').value = prepared.solution;
      })
      .catch(() => {})
      .finally(() => { work.isDone = true; });
    begun.set(form, work);
  }
  return begun.get(form);
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

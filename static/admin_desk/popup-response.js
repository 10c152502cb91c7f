/**
 * Tells the dialog around a form that it has saved: ours by a message, Unfold's by its own script.
 */
const told = document.getElementById("django-admin-popup-response-constants");

if (window.frameElement && "chooser" in window.frameElement.dataset) {
  const { value } = JSON.parse(told.dataset.popupResponse);
  window.parent.postMessage({ added: value }, location.origin);
} else {
  const unfold = document.createElement("script");
  unfold.src = told.dataset.unfold;
  document.body.append(unfold);
}

// Answers that are not ours (a proxy's page, no line): the page stays as it is and says that nothing was lost.
const LOST = "The portal could not be reached. Nothing you typed is lost; try again in a moment.";
let unreached = false;

const isOurs = request => request.getResponseHeader("X-Waharoa") !== null;

const sayUnreached = () => {
  unreached = true;
  tell(LOST);
};

document.addEventListener("htmx:beforeSwap", event => {
  if (isOurs(event.detail.xhr)) return;
  event.detail.shouldSwap = false;
  sayUnreached();
});
["sendError", "timeout"].forEach(kind => document.addEventListener(`htmx:${kind}`, sayUnreached));

document.addEventListener("htmx:afterRequest", event => {
  const request = event.detail.xhr;
  if (!request || !request.status || !isOurs(request)) return;
  if (unreached) {
    unreached = false;
    tell("");
  }
  prolong(request.getResponseHeader("X-Idle-Until"));
});

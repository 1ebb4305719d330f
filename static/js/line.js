// Answers that are not ours (a proxy's page, no line), and answers to a form that could not be taken: the page stays as
// it is, with what was typed, and says what happened.
const LOST = "The portal could not be reached. Nothing you typed is lost; try again in a moment.";
let isTold = false;

const isOurs = request => request.getResponseHeader("X-Waharoa") !== null;

const sayUnreached = () => {
  isTold = true;
  tell(LOST);
};

document.addEventListener("htmx:beforeSwap", event => {
  const request = event.detail.xhr;
  const text = request.getResponseHeader("X-Tell");
  if (isOurs(request) && !text) return;
  event.detail.shouldSwap = false;
  if (!text) return sayUnreached();
  isTold = true;
  (request.status === 401 ? end : tell)(decodeURIComponent(text));
});
["sendError", "timeout"].forEach(kind => document.addEventListener(`htmx:${kind}`, sayUnreached));

document.addEventListener("htmx:afterRequest", event => {
  const request = event.detail.xhr;
  if (!request || !request.status || !isOurs(request)) return;
  if (isTold && !request.getResponseHeader("X-Tell")) {
    isTold = false;
    tell("");
  }
  prolong(request.getResponseHeader("X-Idle-Until"));
});

// A form with data-sends whose button was pressed while the line was gone: what was typed stays, the page says so, and it is
// sent by itself when the line is back, with the same button and the same once-only key. Leaving before that warns.
const SEND_AGAIN = 5; // seconds
const pressed = new WeakMap(); // the button of a form
const unsent = new Set(); // forms
let sendingAgain = 0; // the timer

const sayUnsent = form => (first(form, "[data-unsent]").textContent = unsent.has(form) ? "Not saved yet" : "");
const sendAgain = () => {
  clearTimeout(sendingAgain);
  unsent.forEach(form => (form.isConnected ? form.requestSubmit(pressed.get(form)) : unsent.delete(form)));
  if (unsent.size) sendingAgain = later(SEND_AGAIN, sendAgain);
};

document.addEventListener("submit", event => event.submitter && pressed.set(event.target, event.submitter));
["sendError", "timeout"].forEach(kind =>
  document.addEventListener(`htmx:${kind}`, event => {
    const form = event.target.closest && event.target.closest("form[data-sends]");
    if (!form) return;
    unsent.add(form);
    sayUnsent(form);
    tell(NOT_SAVED);
    clearTimeout(sendingAgain);
    sendingAgain = later(SEND_AGAIN, sendAgain);
  })
);
document.addEventListener("htmx:afterRequest", event => {
  const request = event.detail.xhr;
  const form = event.target.closest && event.target.closest("form[data-sends]");
  if (form && request && request.status && unsent.delete(form)) sayUnsent(form);
});
addEventListener("online", sendAgain);
addEventListener("beforeunload", event => {
  if (!unsent.size) return;
  event.preventDefault();
  event.returnValue = "";
});

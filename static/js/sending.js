// A second press of a button is not a second thing done: for four seconds a form that is on its way is not sent again.
// Nothing is disabled, so a button's own value still travels; the server keeps the promise when there is no script.
const PATIENCE = 4; // seconds

const settle = form => form.removeAttribute("aria-busy");

document.addEventListener(
  "submit",
  event => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.hasAttribute("aria-busy")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.setAttribute("aria-busy", "true");
    later(PATIENCE, () => settle(form));
  },
  true
);
document.addEventListener("htmx:afterRequest", event => {
  const form = event.target.closest && event.target.closest("form");
  if (form) settle(form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(settle));

// After a part of the page has changed, and when a page opens with errors: the reader is taken to what matters.
// (htmx itself takes the title from the answer when it has one.)
const SUMMARY = ".govuk-error-summary";

const moveTo = found => {
  if (!found) return false;
  if (!found.matches("a, button, input, select, textarea, [tabindex]")) found.setAttribute("tabindex", "-1");
  found.focus();
  return true;
};

document.addEventListener("htmx:afterSettle", event => {
  const part = event.detail.elt;
  if (moveTo(first(part, SUMMARY)) || document.activeElement.matches(SUMMARY)) return;
  moveTo(first(part, "[data-focus]"));
});

moveTo(document.querySelector(SUMMARY));

// What the last page did is said once more where a screen reader hears it: a region filled on loading is not announced.
const notices = document.getElementById("notices");
if (notices) {
  const spoken = document.getElementById("spoken");
  later(0.3, () => (spoken.textContent = notices.textContent.trim()));
  later(5, () => (spoken.textContent = ""));
}

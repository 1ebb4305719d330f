// What the other modules share. scripts/assets.py joins all of static/js into one function, in the order it names.
const meta = name => {
  const found = document.querySelector(`meta[name="${name}"]`);
  return found ? found.content : "";
};

const first = (within, selector) => (within.matches && within.matches(selector) ? within : within.querySelector(selector));

const later = (seconds, action) => setTimeout(action, Math.max(0, seconds) * 1000);

// Says something in the strip under the navigation, politely; an empty text takes it away.
// The strip is there from the start: a screen reader announces what changes in it, not a region that appears.
const tell = (text, control) => {
  const strip = document.getElementById("tell");
  if (!strip) return;
  strip.textContent = "";
  if (!text) return;
  const box = strip.appendChild(document.createElement("div"));
  box.className = "govuk-width-container wh-tell__in govuk-body";
  box.appendChild(document.createElement("p")).textContent = text;
  if (control) box.appendChild(control);
};

const control = (tag, label, about) => {
  const made = Object.assign(document.createElement(tag), about);
  made.className = "govuk-button govuk-button--secondary";
  made.textContent = label;
  return made;
};

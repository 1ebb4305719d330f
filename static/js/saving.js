// A form with data-saves="address" keeps by itself what is typed into it: soon after the first key, at once on leaving a
// field, one save at a time. The answer brings pieces of the page (data-put), which replace what stands under their ids.
// When the line is gone the text stays, the page says so, and it is sent once when the line is back; leaving before that warns.
const SAVE_AFTER = 1.5; // seconds after the first key that is not on its way
const TRY_AGAIN = 5; // seconds
const GIVE_UP = 20; // seconds for one save
const MOST_KEPT_ALIVE = 60000; // characters that a browser still sends for a page that is gone
const NOT_SAVED = "Not saved yet: the portal cannot be reached. What you typed stays on this page, and is sent when the line is back.";
const TOO_OFTEN = "Not saved yet: too much was sent within a minute. What you typed stays on this page, and is sent again in a moment.";
const NOT_OPEN = "Not saved: this is no longer open to you. What you typed is still here; copy it before you leave this page.";

const savers = new Map(); // by form
const waiting = new Map(); // by id: faults that wait until their field is left; nobody is corrected in mid-word

const fieldOf = piece => piece.id.replace(/-(said|both)$/, "");

const isTypedIn = (name, form) => document.activeElement.name === name && document.activeElement.form === form;

const fill = (here, piece) => {
  const hadFocus = here.contains(document.activeElement);
  here.replaceChildren(...piece.childNodes);
  here.dataset.version = piece.dataset.version || "";
  const said = first(here, "[data-say]");
  if (said) document.getElementById("spoken").textContent = said.textContent;
  if (hadFocus) moveTo(document.getElementById(fieldOf(piece)));
};

const put = (form, piece) => {
  const here = document.getElementById(piece.id);
  if (!here) return;
  if (here.type === "hidden") {
    here.value = piece.value;
    return;
  }
  waiting.delete(piece.id);
  const [mine, now] = [here, piece].map(each => first(each, "[data-mine]"));
  if (here.innerHTML === piece.innerHTML) return;
  if (mine && now && here.dataset.version === piece.dataset.version) mine.textContent = now.textContent;
  else if (!here.hasChildNodes() && piece.dataset.waits !== undefined && isTypedIn(fieldOf(piece), form)) waiting.set(piece.id, piece);
  else fill(here, piece);
};

const take = (form, name, text) => {
  const field = form.elements[name];
  if (field.type === "checkbox") field.checked = text === "yes";
  else field.value = text;
};

const saver = form => {
  const turn = form.elements.turn || {};
  const unsure = new Map(); // fields changed since the last answer, and when
  let typed = 0; // grows with each change
  let saved = 0; // how far the server has it
  let since = 0; // when the first change was made that is not on its way
  let isGone = false; // the line
  let isRefused = false;
  let submittedAt = 0;
  let timer = 0;
  let busy = null;

  const isUnsaved = () => form.isConnected && saved < typed && Date.now() - submittedAt > PATIENCE * 1000;
  const sign = () => {
    first(form, "[data-unsaved]").hidden = !isUnsaved();
    first(form, "[data-saved]").classList.toggle("govuk-visually-hidden", isUnsaved()); // still there: what is shown anew is read out
  };
  const plan = seconds => {
    clearTimeout(timer);
    timer = later(seconds, send);
  };
  const lost = () => {
    isGone = true;
    if (isUnsaved()) tell(NOT_SAVED);
  };

  const taken = (came, upTo) => {
    saved = upTo;
    unsure.forEach((at, name) => at <= upTo && unsure.delete(name));
    came.querySelectorAll("[data-put]").forEach(piece => put(form, piece));
    came.querySelectorAll("[data-takes]").forEach(piece => take(form, piece.dataset.takes, piece.content.textContent));
    if (isGone || isRefused) tell("");
    isGone = isRefused = false;
  };

  const refused = (status, told) => {
    isGone = status === 401 || status === 429 || status >= 500;
    isRefused = !isGone;
    if (status === 401) end(told);
    else if (status === 429) tell(TOO_OFTEN);
    else tell(told || (isGone ? NOT_SAVED : NOT_OPEN));
  };

  const answered = async (answer, upTo) => {
    if (answer.headers.get("X-Waharoa") === null) return lost();
    const came = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = first(came.body, "[data-tell]");
    if (!answer.ok) return refused(answer.status, told ? told.textContent : decodeURIComponent(answer.headers.get("X-Tell") || ""));
    taken(came, upTo);
    stayedAt = Date.now();
    prolong(answer.headers.get("X-Idle-Until"));
  };

  const carry = async isLast => {
    const upTo = typed;
    turn.value = Number(turn.value || 0) + 1;
    const sent = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    unsure.forEach((at, name) => sent.append("unsure", name));
    since = 0;
    const stop = new AbortController();
    const patience = later(GIVE_UP, () => stop.abort());
    const keepalive = isLast && String(sent).length < MOST_KEPT_ALIVE;
    try {
      const asked = { method: "POST", body: sent, keepalive, signal: stop.signal, credentials: "same-origin", headers: { "HX-Request": "true" } };
      await answered(await fetch(form.dataset.saves, asked), upTo);
    } catch {
      lost();
    }
    clearTimeout(patience);
  };

  const send = () => {
    clearTimeout(timer);
    if (!busy && isUnsaved()) busy = carry(false).then(rest);
    return busy;
  };
  const rest = () => {
    busy = null;
    sign();
    if (!isUnsaved()) return;
    if (isGone) isOver || plan(TRY_AGAIN);
    else if (!isRefused || since) plan(since ? SAVE_AFTER - (Date.now() - since) / 1000 : 0);
  };

  const changed = name => {
    unsure.set(name, (typed += 1));
    sign();
    if (!since && !busy && !isGone) plan(SAVE_AFTER);
    since = since || Date.now();
  };
  const submitted = () => {
    clearTimeout(timer);
    turn.value = Number(turn.value || 0) + 1;
    submittedAt = Date.now();
  };
  return {
    changed,
    submitted,
    isUnsaved,
    send,
    isGone: () => isGone,
    isRefused: () => isRefused,
    isReached: () => !isGone && !isRefused,
    done: () => isGone || send(),
    last: () => isUnsaved() && carry(true),
    again: () => isGone && send(),
    shown: () => (submittedAt = 0),
  };
};

const saverOf = target => {
  const form = target && target.closest && target.closest("form[data-saves]");
  if (form && !savers.has(form)) savers.set(form, saver(form));
  return form && savers.get(form);
};
// A form that was refused comes back as a new one, with what nobody has saved: as if it had been typed just now.
const comeBack = () =>
  document.querySelectorAll("[data-refused]").forEach(mark => savers.has(mark.form) || saverOf(mark).changed(mark.dataset.refused));
const unsaved = () => [...savers.values()].filter(each => each.isUnsaved());

document.addEventListener("input", event => {
  const found = event.target.name && event.target.type !== "file" && saverOf(event.target);
  if (found) found.changed(event.target.name);
});
document.addEventListener("change", event => {
  const found = saverOf(event.target);
  if (found) found.done();
});
document.addEventListener("focusout", event => {
  const piece = event.target.id && waiting.get(`${event.target.id}-said`);
  if (piece) {
    waiting.delete(piece.id);
    fill(document.getElementById(piece.id), piece);
  }
});
// Another form of the page is sent, and a link followed, when what was typed is safe; so what comes next, and Back, show it.
const safe = found => Promise.all(found.map(async each => (await each.send()) || each.send()));
// A button of the form itself leaves the page, so it waits too. Without the line, or once the sign-in has ended, the page stays.
// One with data-sends goes on without the line: it is sent by itself when the line is back (sent_later.js).
const isSentLater = form => form.dataset.sends !== undefined;
const sendOwn = (own, form, button) =>
  safe([own]).finally(() => {
    settle(form);
    if (!own.isGone() || isSentLater(form)) form.requestSubmit(button);
  });
document.addEventListener("submit", event => {
  const form = event.target;
  const own = !event.defaultPrevented && saverOf(form);
  if (own) {
    if (!own.isUnsaved() || own.isRefused() || (own.isGone() && isSentLater(form))) return own.submitted();
    event.preventDefault();
    return sendOwn(own, form, event.submitter);
  }
  const found = unsaved().filter(each => each.isReached());
  if (event.defaultPrevented || !found.length || form.dataset.waited) return;
  event.preventDefault();
  form.dataset.waited = "yes";
  safe(found).finally(() => {
    settle(form);
    form.requestSubmit(event.submitter);
  });
});
document.addEventListener("click", event => {
  const link = event.target.closest && event.target.closest("a[href]");
  const isPlain = !event.defaultPrevented && !event.button && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.target || link.getAttribute("href").startsWith("#")) return;
  const found = unsaved().filter(each => each.isReached());
  if (!found.length) return;
  event.preventDefault();
  safe(found).then(() => location.assign(link.href));
});

document.addEventListener("htmx:afterSettle", comeBack);
comeBack();

addEventListener("beforeunload", event => {
  const found = unsaved();
  if (!found.length) return;
  found.forEach(each => each.last());
  event.preventDefault();
  event.returnValue = "";
});
addEventListener("pagehide", () => unsaved().forEach(each => each.last()));
addEventListener("pageshow", () => savers.forEach(each => each.shown()));
addEventListener("online", () => savers.forEach(each => each.again()));
document.addEventListener("signed-in", () => unsaved().forEach(each => each.send()));
document.addEventListener("visibilitychange", () => savers.forEach(each => (document.hidden ? each.done() : each.again())));

// Going back must not fill in what was typed before over what a colleague has changed since: the server has it all.
document.querySelectorAll("form[data-saves]").forEach(form => form.setAttribute("autocomplete", "off"));

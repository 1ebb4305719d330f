// How long one stays signed in: a warning two minutes before either limit, answered in place; typing keeps the sign-in.
// All windows of a browser share one sign-in: each hears when another one signs in, stays, or signs out.
const WARN = 120; // seconds
const TYPING_TELLS = 60; // seconds between two messages that somebody types

const instant = text => (text ? Date.parse(text) : NaN);
const skew = (instant(meta("now")) || Date.now()) - Date.now(); // this computer's clock may be wrong
const person = meta("person");
const SOMEBODY_ELSE = "Somebody else is signed in now in this browser. What you typed here is not sent in their name. Sign out there, sign in as yourself, and send it then.";
const BACK = "You are signed in again. What you typed is still here: send it now.";
let absolute = instant(meta("absolute-until")) || Infinity;
let idle = instant(meta("idle-until"));
let stayedAt = Date.now();
let timer = 0;
let isOver = false;
let warned = false;

const secondsLeft = () => (Math.min(idle, absolute) - Date.now() - skew) / 1000;

const clock = time =>
  new Date(time).toLocaleTimeString("en-NZ", { hour: "numeric", minute: "2-digit", timeZone: "Pacific/Auckland" });

const windows = window.BroadcastChannel ? new BroadcastChannel("signed-in") : { postMessage() {} };
const say = (until, last) => windows.postMessage({ person, until, last });

const prolong = text => {
  if (!instant(text)) return;
  say(text);
  stayUntil(text);
};

const stayUntil = text => {
  const wasOver = isOver;
  idle = instant(text);
  if (absolute < Date.now() + skew) absolute = Infinity; // another sign-in by now; how long it lasts is not known here
  if ((warned || isOver) && secondsLeft() > WARN) tell("");
  warned = isOver = false;
  const shown = document.getElementById("until");
  if (shown) shown.textContent = clock(Math.min(idle, absolute));
  watch();
  if (wasOver && !isOver) goOn();
};

const isTyped = field => field.type !== "hidden" && !field.form.dataset.saves && field.value !== field.defaultValue;

// What saves by itself is sent now; what waits for a button waits for it, and says so.
const goOn = () => {
  if ([...document.querySelectorAll("main form[method=post] :is(input, textarea)")].some(isTyped)) tell(BACK);
  document.dispatchEvent(new Event("signed-in"));
};

const heard = event => {
  const { person: who, until, last } = event.data;
  if (who === "") return isOver || end();
  if (who !== person) return end(SOMEBODY_ELSE, false);
  if (last) absolute = last;
  if (instant(until)) stayUntil(until);
};

const stay = () => {
  stayedAt = Date.now();
  return fetch("/account/stay", { method: "POST", credentials: "same-origin", headers: { "HX-Request": "true", "X-CSRF-Token": meta("csrf") } }).then(
    answer => {
      if (answer.status === 401) return end();
      if (answer.headers.get("X-Waharoa") === null) return sayUnreached();
      prolong(answer.headers.get("X-Idle-Until"));
    },
    sayUnreached
  );
};

const end = (text, canSignIn = true) => {
  isOver = true;
  clearTimeout(timer);
  const link = canSignIn && control("a", "Sign in again in a new window", { href: "/", target: "_blank", rel: "noopener" });
  tell(text || "Your sign-in has ended. What you typed is still on this page.", link);
};

const warn = () => {
  if (warned) return;
  warned = true;
  if (absolute <= idle) return tell(`Your sign-in ends at ${clock(absolute)} and cannot be made longer. Save what you typed.`);
  tell(`You have not used this page for a while. Your sign-in ends at ${clock(idle)}.`, control("button", "Stay signed in", { type: "button", onclick: stay }));
};

// Looks at the clock again at least once a minute: a laptop that slept does not run its timers.
function watch() {
  clearTimeout(timer);
  const left = secondsLeft();
  if (left <= 0) return end();
  if (left <= WARN) warn();
  timer = later(Math.min(60, left > WARN ? left - WARN : left), watch);
}

const typing = event => {
  if (isOver || !event.target.form || Date.now() - stayedAt < TYPING_TELLS * 1000) return;
  stay();
};

let isLeaving = false;

const leave = event => {
  isLeaving = isLeaving || event.target.id === "sign-out";
};

// Back brings a page as it was left: after a sign-out, or when the sign-in has ended meanwhile, it is asked for anew.
const shownAgain = event => {
  if (!event.persisted) return;
  if (isLeaving || secondsLeft() <= 0) return location.reload();
  stay().then(() => isOver && location.reload());
};

if (idle) {
  windows.onmessage = heard;
  say(meta("idle-until"), absolute);
  watch();
  ["input", "keydown"].forEach(kind => document.addEventListener(kind, typing));
  document.addEventListener("visibilitychange", () => document.hidden || (isOver ? stay() : watch()));
  document.addEventListener("submit", leave);
  addEventListener("pagehide", () => {
    if (isLeaving) document.body.hidden = true;
  });
  addEventListener("pageshow", shownAgain);
} else if (["/sign-in", "/signed-out"].includes(location.pathname)) {
  say("");
}

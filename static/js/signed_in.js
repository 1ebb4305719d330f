// How long one stays signed in: a warning two minutes before either limit, answered in place; typing keeps the sign-in.
const WARN = 120; // seconds
const TYPING_TELLS = 60; // seconds between two messages that somebody types

const instant = text => (text ? Date.parse(text) : NaN);
const skew = (instant(meta("now")) || Date.now()) - Date.now(); // this computer's clock may be wrong
const absolute = instant(meta("absolute-until")) || Infinity;
let idle = instant(meta("idle-until"));
let stayedAt = Date.now();
let timer = 0;
let isOver = false;
let warned = false;

const secondsLeft = () => (Math.min(idle, absolute) - Date.now() - skew) / 1000;

const clock = time =>
  new Date(time).toLocaleTimeString("en-NZ", { hour: "numeric", minute: "2-digit", timeZone: "Pacific/Auckland" });

// The other windows of this browser hear of it too, so that none of them warns wrongly.
const windows = window.BroadcastChannel ? new BroadcastChannel("signed-in") : { postMessage() {} };

const prolong = text => {
  if (!instant(text)) return;
  windows.postMessage(text);
  stayUntil(text);
};

const stayUntil = text => {
  idle = instant(text);
  if ((warned || isOver) && secondsLeft() > WARN) tell("");
  warned = isOver = false;
  const shown = document.getElementById("until");
  if (shown) shown.textContent = clock(Math.min(idle, absolute));
  watch();
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

const end = text => {
  isOver = true;
  clearTimeout(timer);
  tell(
    text || "Your sign-in has ended. What you typed is still on this page.",
    control("a", "Sign in again in a new window", { href: "/", target: "_blank", rel: "noopener" })
  );
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
  windows.onmessage = event => stayUntil(event.data);
  windows.postMessage(meta("idle-until"));
  watch();
  ["input", "keydown"].forEach(kind => document.addEventListener(kind, typing));
  document.addEventListener("visibilitychange", () => document.hidden || (isOver ? stay() : watch()));
  document.addEventListener("submit", leave);
  addEventListener("pagehide", () => {
    if (isLeaving) document.body.hidden = true;
  });
  addEventListener("pageshow", shownAgain);
}

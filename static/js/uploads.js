// Files go up as soon as they are chosen, each by itself: with its own progress, its own error, and a way to try again or
// leave it. A form waits until its files are there; leaving the page before that warns.
{
  const AT_ONCE = 1; // so that they stand in the list as they were chosen
  const STUCK = "Not sent yet: a file could not be added. Try it again or leave it, then send.";
  const TRY_LATER = 5; // seconds
  const UNREACHED = "The portal could not be reached. Try again when the line is back.";

  const uploads = new Set();
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
  const isOpen = upload => upload.state === "waiting" || upload.state === "running";
  const openIn = form => [...uploads].filter(upload => upload.form === form && isOpen(upload));
  const stuckIn = (form, orRefused) => [...uploads].some(upload => upload.form === form && (upload.state === "stuck" || (orRefused && upload.state === "refused")));

  const say = text => {
    const spoken = document.getElementById("spoken");
    spoken.textContent = text;
  };

  const link = (label, name, action) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "wh-link", onclick: action });
    made.append(label, Object.assign(document.createElement("span"), { className: "govuk-visually-hidden", textContent: ` ${name}` }));
    return made;
  };

  const swap = (form, old, action) => {
    const hadFocus = old.contains(document.activeElement);
    action();
    if (hadFocus) form.querySelector("[data-upload]").focus();
  };

  const drop = upload => {
    upload.state = "gone";
    swap(upload.form, upload.row, () => upload.row.remove());
    uploads.delete(upload);
    next(upload.form);
  };

  const leave = upload => {
    say("");
    drop(upload);
  };

  const draw = (upload, ...parts) => {
    const name = Object.assign(document.createElement("bdi"), { textContent: upload.file.name });
    upload.row.replaceChildren(name, ...parts.flatMap(part => [" ", part]));
  };

  const fail = (upload, why, again) => {
    upload.state = again ? "stuck" : "refused";
    const reason = Object.assign(document.createElement("span"), { className: "wh-file__why", textContent: why });
    const name = upload.file.name;
    draw(upload, reason, ...(again ? [link("Try again", name, () => queue(upload))] : []), link("Leave it", name, () => leave(upload)));
    say(`${name}: ${why}`);
    next(upload.form);
  };

  const queue = upload => {
    upload.state = "waiting";
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0, ariaLabel: `Adding ${upload.file.name}` });
    draw(upload, bar, link("Stop", upload.file.name, () => (upload.request ? upload.request.abort() : drop(upload))));
    upload.bar = bar;
    next(upload.form);
  };

  const reasonIn = request => {
    const told = request.getResponseHeader("X-Tell");
    if (told) return decodeURIComponent(told);
    const why = parsed(request).querySelector("[data-why]");
    return why ? why.textContent.replace(/^“.*” was not added\. /, "") : "It could not be added. Reload the page, and try again.";
  };

  const parsed = request => new DOMParser().parseFromString(request.responseText, "text/html");

  // Too much was sent within a minute: it keeps its place, and goes up again by itself.
  const wait = upload => {
    upload.request = null;
    later(TRY_LATER, () => upload.state === "running" && queue(upload));
  };

  const arrived = upload => {
    const request = upload.request;
    if (!isOurs(request)) return fail(upload, UNREACHED, true);
    if (request.status === 401) end();
    if (request.status === 429) return wait(upload);
    if (request.status !== 200) return fail(upload, reasonIn(request), request.status !== 422);
    const list = parsed(request).querySelector("[data-list]");
    const old = upload.form.querySelector("[data-list]");
    if (list && old) swap(upload.form, old, () => old.replaceWith(list));
    prolong(request.getResponseHeader("X-Idle-Until"));
    say(`${upload.file.name}: added`);
    drop(upload);
  };

  const start = upload => {
    const request = (upload.request = new XMLHttpRequest());
    const sent = new FormData();
    [["csrf_token", meta("csrf")], ["once", upload.once], ["files", upload.file]].forEach(([name, value]) => sent.append(name, value));
    request.open("POST", upload.url);
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = event => (upload.bar.value = (100 * event.loaded) / event.total);
    request.onload = () => arrived(upload);
    request.onerror = () => fail(upload, UNREACHED, true);
    request.onabort = () => drop(upload);
    upload.state = "running";
    request.send(sent);
  };

  // Starts what may start; and sends the form that waited for the last of them.
  const next = form => {
    const open = openIn(form);
    const free = AT_ONCE - open.filter(upload => upload.state === "running").length;
    open.filter(upload => upload.state === "waiting").slice(0, Math.max(0, free)).forEach(start);
    if (open.length || !form.waits) return;
    const { button } = form.waits;
    form.waits = null;
    if (stuckIn(form, true)) return tell(STUCK);
    tell("");
    form.requestSubmit(button);
  };

  const add = (input, file, there) => {
    const form = input.form;
    const row = form.querySelector("[data-running]").appendChild(document.createElement("li"));
    const upload = { file, form, row, url: input.dataset.upload, once: key() };
    uploads.add(upload);
    const { largest, most } = input.dataset;
    if (file.size > largest * 1024 * 1024) return fail(upload, `It is larger than ${largest} MB. Make it smaller, or add it in parts.`);
    if (there >= most) return fail(upload, `There can be ${most} file${most === "1" ? "" : "s"} at most. Take one off first.`);
    queue(upload);
  };

  const take = input => {
    const chosen = [...input.files];
    const there = input.form.querySelectorAll("[data-list] li").length + openIn(input.form).length;
    input.value = "";
    chosen.forEach((file, place) => add(input, file, there + place));
  };

  document.addEventListener("change", event => event.target.matches("[data-upload]") && take(event.target));
  document.querySelectorAll("[data-upload]").forEach(take); // whoever was quicker than this script

  document.addEventListener(
    "submit",
    event => {
      const form = event.target;
      const open = openIn(form).length;
      if (!open && !stuckIn(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (open) form.waits = { button: event.submitter };
      tell(open ? "Files are still on their way. This is sent as soon as they are there." : STUCK);
    },
    true
  );

  addEventListener("beforeunload", event => {
    if (![...uploads].some(isOpen)) return;
    event.preventDefault();
    event.returnValue = "";
  });
}

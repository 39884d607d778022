// Evidence saves itself, a field at a time, and says so beside the field. The server owns every rule; what is said stands
// in the page, at the form. Without this script "Save the draft" does the same.
(() => {
  "use strict";
  const form = document.getElementById("evidence");
  Kept.showLeftBehind(form?.dataset.attempt);
  if (!form) return;
  const PAUSE = 1000;
  const LONGEST = 8000;
  const PATIENCE = 30000;
  const AGAIN = [2000, 4000, 8000, 15000, 30000];
  const { path, attempt } = form.dataset;
  const { person } = document.body.dataset;
  const dialog = document.getElementById("beside");
  const by = (id) => document.getElementById(id);
  const words = (name) => form.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`];
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  // A field: `saved` is what the server has, `sent` what it may have although no answer came, `trouble` why it is not saved.
  const fields = new Map();
  const areas = () => [...form.querySelectorAll("[data-saves]")];
  const isDirty = (field) => field.area.value !== field.saved;
  const seen = (field) => by(`seen-${field.slot}`);
  const plain = (text) => text.replace(/\r\n?/g, "\n").split("\n").map((line) => line.trimEnd()).join("\n").trim();
  const isSame = (one, other) => typeof one === "string" && plain(one) === plain(other);

  // One announcement at a time: trouble at once, good news when the typing pauses.
  let announcing;
  const announce = (said, soon) => {
    clearTimeout(announcing);
    announcing = setTimeout(() => (form.querySelector("[data-announce]").textContent = said), soon ? 100 : 3000);
  };

  const say = (field, said, isTrouble = false) => {
    const line = by(`state-${field.slot}`);
    if (line.textContent === said) return;
    line.textContent = said;
    line.classList.toggle("is-trouble", isTrouble);
    if (said !== words("saving")) announce(`${field.area.dataset.title}: ${said}`, isTrouble);
  };

  const complain = (field, trouble, why = "") => {
    field.trouble = trouble;
    const unkept = field.isKept ? "" : ` ${words("unkept")}`;
    say(field, words(trouble).replace("{why}", () => why) + unkept, true);
  };

  const keep = (field) => {
    const { area, sent, key } = field;
    field.isKept = Kept.keep(key, { text: area.value, seen: seen(field).value, sent, title: area.dataset.title });
  };

  const forget = (field) => {
    Kept.drop(field.key);
    if (field.from && isSame(field.from.text, field.area.value)) Kept.drop(field.from.key);
  };

  // Who is signed in here: this page's person, somebody else, "" for nobody, null where no answer comes.
  const whoIsHere = async () => {
    const asked = fetch(form.dataset.who, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    const answer = await asked.catch(() => null);
    if (!answer?.ok) return null;
    const told = await answer.json();
    const stale = form.elements.form_token.value !== told.form_token;
    if (told.person === person && stale) {
      document.body.dispatchEvent(new CustomEvent("fresh-token", { bubbles: true, detail: { value: told.form_token } }));
    }
    return told.person;
  };

  let held = ""; // "lapsed" or "other": nothing is sent until this page's person is back
  const hold = (here, field) => {
    held = here ? "other" : "lapsed";
    dialog.querySelectorAll("[data-when]").forEach((part) => (part.hidden = part.dataset.when !== held));
    by(`state-${(field || [...fields.values()][0])?.slot}`)?.after(dialog); // the next stop of the Tab key
    dialog.open = true;
    if (!field) dialog.querySelector("a").focus();
    fields.forEach((one) => isDirty(one) && complain(one, held));
  };

  const returned = async () => {
    if (held) {
      const here = await whoIsHere();
      if (here === null || !held) return;
      if (here !== person) return hold(here, [...fields.values()].find(isDirty));
      held = "";
      dialog.open = false;
    }
    fields.forEach((field) => ["lapsed", "other", "offline", "unanswered"].includes(field.trouble) && queue(field));
  };

  // Fields are sent one after the other. What comes back goes to its places by id, with the focus where it was.
  const queued = new Set();
  let working = null;
  const queue = (field) => {
    clearTimeout(field.timer);
    field.timer = null;
    queued.add(field);
    working ||= work().finally(() => (working = null));
    return working;
  };

  const work = async () => {
    await null;
    while (queued.size) {
      const [field] = queued;
      queued.delete(field);
      if (held) isDirty(field) && complain(field, held);
      else if (isDirty(field) && field.trouble !== "conflict") await save(field);
    }
  };

  const place = (html) => {
    const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("body > [id]");
    for (const part of parts) {
      const was = by(part.id);
      if (!was || was.outerHTML === part.outerHTML) continue;
      const focused = was.contains(document.activeElement) && document.activeElement.id;
      was.replaceWith(document.adoptNode(part));
      if (focused) by(focused)?.focus({ preventScroll: true });
    }
  };

  const detail = (body) => {
    try {
      return JSON.parse(body).detail;
    } catch {
      return "";
    }
  };

  const send = (field, text) => {
    const body = new URLSearchParams({ form_token: form.elements.form_token.value, whose: person, attempt });
    body.set(`seen-${field.slot}`, seen(field).value);
    body.set(field.area.name, text);
    const keepalive = document.hidden && text.length < 15000; // browsers finish only small ones for a page that is gone
    const headers = { Accept: "application/json" };
    return fetch(`${path}/draft/${field.slot}`, { method: "POST", body, headers, keepalive, signal: AbortSignal.timeout(PATIENCE) });
  };

  const save = async (field, isSecond = false) => {
    const text = field.area.value;
    field.trouble = "";
    if (!field.tries) say(field, words("saving"));
    const answer = await send(field, text).catch(() => null);
    const body = await answer?.text().catch(() => null);
    if (body == null || answer.status >= 500 || answer.status === 429) {
      if (!answer || answer.status >= 500) field.sent = text;
      return later(field, navigator.onLine ? "unanswered" : "offline");
    }
    const isPage = answer.headers.get("content-type")?.startsWith("text/html");
    if (answer.ok && isPage) return isSaved(field, text, body);
    if (answer.status === 409 && isPage) return clash(field, body);
    if ([401, 403, 409, 422].includes(answer.status)) {
      const here = await whoIsHere();
      if (here === null) return later(field, "unanswered");
      if (here !== person) return hold(here, field);
      if (!isSecond && answer.status !== 409) return save(field, true);
    }
    complain(field, "refused", detail(body));
  };

  const isSaved = (field, text, body) => {
    Object.assign(field, { saved: text, sent: null, tries: 0 });
    place(body);
    announce(`${field.area.dataset.title}: ${by(`state-${field.slot}`).textContent}`);
    if (isDirty(field)) return typed(field);
    forget(field);
  };

  const later = (field, trouble) => {
    keep(field);
    complain(field, trouble);
    const pause = AGAIN[Math.min(field.tries++, AGAIN.length - 1)];
    clearTimeout(field.timer);
    field.timer = setTimeout(() => queue(field), pause);
  };

  // Another window saved something else. Where that is what this one sent without hearing the answer, it was us.
  const clash = (field, html) => {
    place(html);
    const box = by(`conflict-${field.slot}`);
    const other = box.querySelector("[data-other]");
    if (isSame(field.sent, other.value) || isSame(field.area.value, other.value)) return keepMine(field, other);
    keep(field);
    complain(field, "conflict");
  };

  const keepMine = (field, other) => {
    seen(field).value = other.dataset.seen;
    Object.assign(field, { saved: other.value, sent: null, trouble: "" });
    by(`conflict-${field.slot}`).replaceChildren();
    keep(field);
    if (isDirty(field)) queue(field);
    else settle(field, words("taken"));
  };

  const takeOther = (field, other) => {
    field.area.value = other.value;
    field.area.dispatchEvent(new Event("input", { bubbles: true })); // its words are counted anew
    clearTimeout(field.timer);
    keepMine(field, other);
  };

  const settle = (field, said) => {
    say(field, said);
    Kept.drop(field.key);
    if (field.from) Kept.drop(field.from.key);
  };

  const typed = (field) => {
    keep(field);
    if (field.trouble === "conflict") return;
    if (held) return complain(field, held);
    field.since ||= Date.now();
    clearTimeout(field.timer);
    field.timer = setTimeout(() => {
      field.since = 0;
      queue(field);
    }, Math.max(0, Math.min(PAUSE, field.since + LONGEST - Date.now())));
  };

  form.addEventListener("input", ({ target }) => {
    const field = fields.get(target.dataset.saves);
    if (field) typed(field);
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep], [data-take]");
    if (!button) return;
    event.preventDefault();
    const field = fields.get(button.dataset.keep || button.dataset.take);
    const other = by(`conflict-${field.slot}`).querySelector("[data-other]");
    (button.dataset.keep ? keepMine : takeOther)(field, other);
    field.area.focus();
  });

  // Handing in comes after everything is saved, and only as oneself: nothing is asked of a page that would be lost.
  // A file that is not here whole is left out only knowingly: the first press says so, the second goes on.
  let passed = false;
  const leavesOut = () => {
    const coming = form.querySelectorAll("[data-coming] > li, [data-unfinished]").length;
    const isNew = coming > 0 && form.dataset.warned !== String(coming);
    form.dataset.warned = coming;
    if (isNew) by("hand-in-state").textContent = words("leftOut");
    return isNew;
  };

  const settled = async () => {
    fields.forEach((field) => isDirty(field) && queue(field));
    while (working) await working;
    const stuck = [...fields.values()].find((field) => isDirty(field) || field.trouble === "conflict");
    if (stuck) {
      stuck.area.focus();
      return false;
    }
    const here = await whoIsHere();
    if (here === null) by("hand-in-state").textContent = words("unsent");
    else if (here !== person) hold(here);
    return here === person;
  };

  document.addEventListener(
    "submit",
    async (event) => {
      if (event.target !== form || passed) return;
      const { submitter } = event;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.dataset.settling) return;
      if (submitter?.id === "hand-in" && leavesOut()) return;
      form.dataset.settling = "1";
      const go = await settled();
      delete form.dataset.settling;
      if (!go) return;
      passed = true;
      const again = submitter?.id && by(submitter.id) ? by(submitter.id) : submitter;
      form.requestSubmit(again?.isConnected ? again : null);
    },
    true,
  );

  const flush = () => fields.forEach((field) => isDirty(field) && !field.trouble && queue(field));
  window.addEventListener("pagehide", flush);
  window.addEventListener("pageshow", () => (passed = false));
  window.addEventListener("online", returned);
  window.addEventListener("focus", returned);
  window.addEventListener("storage", ({ key }) => key === "fourweek-signed-in" && returned());
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : returned()));
  window.addEventListener("beforeunload", (event) => {
    const stuck = [...fields.values()].some((field) => isDirty(field) && (field.trouble || !field.isKept));
    if (stuck && !passed) event.preventDefault();
  });

  // What the page begins with: what the server has, what was typed before this script ran, and what this browser kept.
  const begin = (area, entries) => {
    const slot = area.dataset.saves;
    const field = { area, slot, key: Kept.keyOf(path, attempt, slot), trouble: "", tries: 0, isKept: true };
    fields.set(slot, field);
    field.saved = area.dataset.unsaved ? null : area.defaultValue;
    const other = by(`conflict-${slot}`).querySelector("[data-other]");
    const entry = entries.find((one) => one.slot === slot);
    if (other) {
      seen(field).value = "";
      keep(field);
      complain(field, "conflict");
    } else if (entry && !isDirty(field)) restore(field, entry);
    else if (isDirty(field) && !area.dataset.unsaved) typed(field);
  };

  const restore = (field, entry) => {
    if (isSame(entry.text, field.saved)) return Kept.drop(entry.key);
    if (!isSame(entry.sent, field.saved)) seen(field).value = entry.seen;
    Object.assign(field, { from: entry, sent: entry.sent });
    field.area.value = entry.text;
    field.area.dispatchEvent(new Event("input", { bubbles: true }));
    queue(field);
  };

  const entries = Kept.all(path).filter((entry) => entry.attempt === attempt);
  areas().forEach((area) => begin(area, entries));
})();

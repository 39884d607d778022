// Small comforts over pages that work without them. The server owns every word and every rule.
(() => {
  "use strict";
  const body = document.body;
  const on = (name, act, options) => document.addEventListener(name, act, options);

  // A stale form token: the server answers 403 with HX-Trigger {"fresh-token": {"value": …}}; take it, send once more.
  const RESENT = "X-Form-Resent";

  const freshToken = (xhr) => {
    try {
      return JSON.parse(xhr.getResponseHeader("HX-Trigger") || "{}")["fresh-token"]?.value;
    } catch {
      return undefined;
    }
  };

  const canResend = (detail) =>
    detail.xhr.status === 403 && freshToken(detail.xhr) && !detail.requestConfig.headers[RESENT];

  on("fresh-token", (event) => {
    const token = event.detail.value;
    const headers = JSON.parse(body.getAttribute("hx-headers") || "{}");
    body.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-Form-Token": token }));
    document.querySelectorAll("input[name=form_token]").forEach((input) => (input.value = token));
  });

  const resend = ({ requestConfig: was, xhr }) => {
    const values = was.formData;
    if (values.has("form_token")) values.set("form_token", freshToken(xhr));
    // After htmx has let go of the first request, or it would only queue this one.
    const again = () =>
      htmx.ajax(was.verb, was.path, { source: was.elt, target: was.target, values, headers: { [RESENT]: "1" } });
    setTimeout(again, 0);
  };

  // Trouble: only our own notices are shown, never a foreign error page; no answer at all says so as well.
  const trouble = () => document.querySelector("template[data-trouble]").innerHTML;

  on("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (!detail.isError) return;
    if (canResend(detail)) {
      detail.shouldSwap = false;
      return;
    }
    if (detail.serverResponse.trimStart().startsWith('<div class="notice')) return;
    detail.serverResponse = trouble();
    detail.swapOverride = "innerHTML";
  });

  on("htmx:sendError", () => (document.getElementById("notices").innerHTML = trouble()));

  // Drafts: "Saving…", "Saved 14:02" (the server's words, event "saved"), and a warning only while something is unsaved.
  const edits = new WeakMap(); // form → { typed, sent, saved }: counts of changes
  const entry = (form) => edits.get(form) || edits.set(form, { typed: 0, sent: 0, saved: 0 }).get(form);
  const formOf = (node) => node.closest?.("form") || null;

  const say = (form, words, failed = false) => {
    const line = form?.querySelector("[data-save-state]");
    if (!line) return;
    line.textContent = typeof words === "function" ? words(line.dataset) : words;
    line.classList.toggle("is-trouble", failed);
  };

  on("input", (event) => {
    const form = formOf(event.target);
    if (form?.matches("[data-guard]")) entry(form).typed += 1;
  });

  // What was typed before this script ran made no event that anybody heard: tell the field once htmx listens too.
  const differs = (field) =>
    ["radio", "checkbox"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

  on("DOMContentLoaded", () => {
    for (const field of document.querySelectorAll("form[data-guard] :is(textarea, input:not([type=hidden], [type=file]))")) {
      if (!differs(field)) continue;
      entry(field.form).typed += 1;
      field.dispatchEvent(new Event("typed-early", { bubbles: true }));
    }
  });

  on("htmx:beforeRequest", (event) => {
    const form = formOf(event.target);
    if (!form || event.detail.requestConfig.verb === "get") return;
    entry(form).sent = entry(form).typed;
    say(form, (words) => words.saving);
  });

  // A redirect after a submit is a success; one after a draft is a lapsed session, and the draft is not kept yet.
  on("htmx:beforeOnLoad", (event) => {
    const form = formOf(event.target);
    const { xhr, requestConfig: was } = event.detail;
    if (!form || was.verb === "get" || xhr.status >= 300) return;
    if (!xhr.getResponseHeader("HX-Redirect") || was.triggeringEvent?.type === "submit") entry(form).saved = entry(form).sent;
  });

  on("saved", (event) => say(formOf(event.target), event.detail.value));

  on("htmx:afterRequest", (event) => {
    const { detail } = event;
    if (detail.xhr.status >= 400 && canResend(detail)) resend(detail);
    else if (!detail.successful) {
      const unanswered = !detail.xhr.status || detail.xhr.status >= 500;
      say(formOf(event.target), (words) => (unanswered ? words.trouble : words.refused), true);
    }
  });

  window.addEventListener("beforeunload", (event) => {
    const unsaved = [...document.querySelectorAll("form[data-guard]")].some((form) => entry(form).typed > entry(form).saved);
    if (unsaved) event.preventDefault();
  });

  // What takes a moment says so at once: at its button, and in words for everybody once it is not over in the blink of an eye.
  const working = document.getElementById("working");
  const SOON = 400;
  let speaking;
  const tell = (words, after) => {
    clearTimeout(speaking);
    speaking = setTimeout(() => working && (working.textContent = words), after);
  };

  const busy = (button, is) => {
    if (!button) return;
    button.toggleAttribute("data-busy", is);
    if (is) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  };

  const filesOf = (form) => [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const sizeOf = (files) => (files.reduce((sum, file) => sum + file.size, 0) / 1024 / 1024).toFixed(1);

  // A second press on a form that is already on its way does nothing; a download or a way back frees it again.
  const free = (form) => {
    delete form.dataset.busy;
    form.querySelectorAll("[data-busy]").forEach((button) => busy(button, false));
    tell("", 0);
  };

  on("submit", (event) => {
    const form = event.target;
    // The attribute, not the property: a field may be called "method".
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (form.dataset.busy) {
      event.preventDefault();
      return;
    }
    entry(form).saved = entry(form).typed;
    form.dataset.busy = "1";
    busy(event.submitter, true);
    const files = filesOf(form);
    if (files.length) tell(working?.dataset.sending.replace("{size}", sizeOf(files)), 0);
    else tell(working?.dataset.working, SOON);
    setTimeout(() => free(form), files.length ? 60000 : 8000);
  });

  const pressed = ({ detail }) => detail.requestConfig?.triggeringEvent?.submitter;
  on("htmx:beforeRequest", (event) => busy(pressed(event), true));
  on("htmx:afterRequest", (event) => busy(pressed(event), false));

  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(free));

  // What evidence.js keeps in this browser goes when its person signs out, and not without a question. Whoever signed in
  // beside an open page lets it know.
  const inBrowser = (act) => {
    try {
      return act(localStorage);
    } catch {
      return undefined; // a browser may keep nothing at all
    }
  };

  on("submit", (event) => {
    const question = event.target.dataset.forget;
    const mine = question && inBrowser((kept) => Object.keys(kept).filter((key) => key.startsWith(`fourweek-kept|${body.dataset.person}|`)));
    if (!mine?.length) return;
    if (confirm(question)) mine.forEach((key) => localStorage.removeItem(key));
    else event.preventDefault();
  }, true);

  if (document.querySelector("[data-signed-in]")) inBrowser((kept) => kept.setItem("fourweek-signed-in", Date.now()));

  // Words as they are typed; digits choose a level while its group has the focus.
  on("input", (event) => {
    const count = event.target.id && document.querySelector(`[data-count-of="${CSS.escape(event.target.id)}"]`);
    if (count) count.textContent = event.target.value.split(/\s+/).filter(Boolean).length;
  });

  on("keydown", (event) => {
    const group = event.target.matches?.("input[type=radio]") && event.target.closest("[data-level-keys]");
    if (!group || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    const radio = group.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    radio.click();
  });

  // A swap that takes away what one stands on gives the focus to what came in its place, and moves nothing on the screen:
  // the same control, else what held it, else the control before that.
  const CONTROLS = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, textarea, summary";
  let stood;

  on("htmx:beforeSwap", () => {
    const at = document.activeElement;
    const around = [];
    for (let node = at; node && node !== body; node = node.parentElement) if (node.id) around.push(node.id);
    stood = at && at !== body ? { at, around } : undefined;
  });

  const same = (box, { at }) =>
    at.name ? [...box.querySelectorAll(CONTROLS)].find((one) => one.name === at.name && one.value === at.value) : undefined;

  const before = (box) =>
    [...document.querySelectorAll(CONTROLS)].filter((one) => box.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING).at(-1);

  const standAgain = () => {
    const was = stood;
    stood = undefined;
    if (!was || was.at.isConnected || (document.activeElement && document.activeElement !== body)) return;
    const box = was.around.map((id) => document.getElementById(id)).find(Boolean);
    if (!box) return;
    const found = box.matches(CONTROLS) ? box : same(box, was) || (box.textContent.trim() ? box : before(box) || box);
    if (!found.matches(CONTROLS)) found.tabIndex = -1;
    found.focus({ preventScroll: true });
  };

  // What went wrong comes first: on a full page and after a swap alike.
  const focusTrouble = (root) => (root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]"))?.focus();
  on("htmx:afterSettle", (event) => {
    standAgain();
    focusTrouble(event.target);
  });
  focusTrouble(document);
})();

// Files for evidence, sent in pieces (tus), so that a break costs nothing that arrived. Without this the form sends them
// whole. What is said stands in the page, at the box of the slot.
(() => {
  "use strict";
  const CLIENT = document.currentScript.dataset.client;
  const PIECE = 64 * 1024 * 1024;
  const AT_ONCE = 2;
  const DELAYS = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000, 30000, 30000];
  const AGAIN = 30000;
  const jobs = new Set();

  const given = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const token = () => given()["X-Form-Token"];
  const own = () => ({ ...given(), Accept: "application/json" });
  const headers = (more) => ({ ...own(), "Tus-Resumable": "1.0.0", ...more });
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const told = (text) => {
    try {
      return JSON.parse(text) || {};
    } catch {
      return {};
    }
  };

  const size = (bytes, say) => {
    const [unit, name] = [[1024 ** 3, "sayGb"], [1024 ** 2, "sayMb"], [1024, "sayKb"]].find(([least]) => bytes >= least) || [1, "sayBytes"];
    return filled(say[name], { n: unit === 1 ? bytes : (bytes / unit).toFixed(bytes < 10 * unit ? 1 : 0) });
  };

  const time = (seconds, say) => {
    if (!(seconds >= 2)) return say.saySoon;
    const [kind, unit] = seconds < 90 ? ["saySeconds", 1] : seconds < 5400 ? ["sayMinutes", 60] : ["sayHours", 3600];
    return filled(say[kind], { n: Math.round(seconds / unit) });
  };

  // A job is one file on its way. It is waiting, sending, checking, paused, broken (goes on by itself), lapsed (signs in
  // first) or refused; `ended` once it is out of the list.
  const part = (job, name) => job.row.querySelector(name);
  const said = (box, name) => box.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] || "";
  const words = (job, name, values) =>
    filled(said(job.box, name), { name: job.file.name, size: size(job.file.size, job.box.dataset), ...values });

  const show = (job, state, error = "") => {
    job.state = state;
    part(job, "[data-said]").textContent = ["sending", "checking"].includes(state) ? "" : words(job, state);
    part(job, "[data-error]").hidden = !error;
    part(job, "[data-error] span").textContent = error;
    part(job, "[data-act=pause]").hidden = state !== "sending";
    part(job, "[data-act=go-on]").hidden = !(["paused", "broken", "lapsed"].includes(state) || (state === "refused" && job.upload.url));
    part(job, "[data-sign-in]").hidden = state !== "lapsed";
    part(job, "[data-act=remove]").hidden = state === "checking";
  };

  const facts = (job, text, value) => {
    part(job, "[data-facts]").textContent = text;
    part(job, "progress").value = value;
  };

  const measure = (job, done) => {
    const now = performance.now();
    job.seen = [...job.seen.filter(([at]) => now - at < 10000), [now, done]];
    const [at, was] = job.seen[0];
    const speed = now - at > 500 ? ((done - was) * 1000) / (now - at) : 0;
    const left = time((job.file.size - done) / speed, job.box.dataset);
    const text = speed ? words(job, "sending", { done: size(done, job.box.dataset), speed: size(speed, job.box.dataset), left }) : words(job, "starting");
    facts(job, text, done / job.file.size);
    if (done >= job.file.size && job.state === "sending") watch(job);
  };

  // The last byte is there, and the answer is not yet: say how far the file is looked through.
  const watch = async (job) => {
    show(job, "checking");
    facts(job, words(job, "checking", { percent: 0 }), 0);
    while (job.state === "checking") {
      await new Promise((done) => setTimeout(done, 1000));
      const answer = await fetch(job.upload.url, { headers: headers() }).catch(() => null);
      if (job.state !== "checking" || !answer?.ok) continue;
      const { checked } = await answer.json();
      const percent = Math.floor((100 * checked) / job.file.size);
      facts(job, words(job, "checking", { percent }), checked / job.file.size);
    }
  };

  const renew = (value) => {
    if (!value || value === token()) return false;
    document.body.dispatchEvent(new CustomEvent("fresh-token", { bubbles: true, detail: { value } }));
    return true;
  };

  const mayRetry = (error) => {
    const answer = error.originalResponse;
    const status = answer ? answer.getStatus() : 0;
    if (status === 403) return renew(told(answer.getBody()).form_token);
    if (status === 409) return Boolean(answer.getHeader("Upload-Offset"));
    return (status === 0 && navigator.onLine) || status === 423 || status === 460 || status >= 500;
  };

  const fail = (job, status, body) => {
    if (job.ended) return;
    if ([404, 410].includes(status) && job.upload.url) return beginAnew(job);
    if (status === 401 || status === 403) show(job, "lapsed");
    else if (status === 0 || status === 423 || status >= 500) show(job, "broken");
    else {
      facts(job, words(job, "starting"), 0);
      show(job, "refused", told(body).detail || said(job.box, "trouble"));
    }
    pump();
  };

  // What was begun is not there any more, such as after its week: the same file is sent from its start.
  const beginAnew = (job) => {
    job.upload.url = null;
    job.upload.options.endpoint = job.box.dataset.uploads;
    job.upload.start();
  };

  // The whole file has arrived. An empty piece at its end asks for whatever is left to do, and is answered once all is.
  const finish = async (job) => {
    if (job.state === "sending") watch(job);
    const end = headers({ "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(job.file.size) });
    const answer = await fetch(job.upload.url, { method: "PATCH", headers: end }).catch(() => null);
    if (!answer?.ok) return fail(job, answer ? answer.status : 0, answer ? await answer.text() : "");
    job.box.querySelector("[data-told]").textContent = words(job, "added");
    leave(job);
    htmx.trigger(job.box, "added");
  };

  const leave = (job) => {
    job.ended = true;
    job.state = "";
    jobs.delete(job);
    const wasHere = job.row.contains(document.activeElement);
    job.row.remove();
    if (wasHere) document.querySelector(`[data-upload="${job.box.id}"]`)?.focus({ preventScroll: true });
    pump();
  };

  const goOn = (job) => {
    show(job, "sending");
    job.seen = [];
    job.upload.start();
  };

  const pump = () => {
    const busy = [...jobs].filter((job) => ["sending", "checking"].includes(job.state)).length;
    [...jobs].filter((job) => job.state === "waiting").slice(0, Math.max(0, AT_ONCE - busy)).forEach(goOn);
  };

  const newRow = (box, file) => {
    const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector(".file-name").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    row.querySelectorAll("button").forEach((button) => button.setAttribute("aria-label", filled(button.dataset.sayLabel, { name: file.name })));
    box.querySelector("[data-coming]").append(row);
    return row;
  };

  const send = async (box, file, begun) => {
    const job = { box, file, row: newRow(box, file), state: "waiting", seen: [] };
    const { uploads: endpoint, attempt } = box.dataset;
    const place = box.closest("form").querySelector(`[name="keep_place-${box.id.slice("uploading-".length)}"]`);
    job.upload = new tus.Upload(file, {
      endpoint,
      chunkSize: PIECE,
      retryDelays: DELAYS,
      metadata: { filename: file.name, attempt, keep_place: place?.checked ? "1" : "0" },
      fingerprint: async () => [endpoint, attempt, file.name, file.size, file.lastModified].join("|"),
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request) => Object.entries(own()).forEach(([name, value]) => request.setHeader(name, value)),
      // From here on it only ever goes on: where it is asked how far it is, no refusal may begin a second one.
      onUploadUrlAvailable: () => (job.upload.options.endpoint = null),
      onShouldRetry: mayRetry,
      onProgress: (done) => job.state === "sending" && measure(job, done),
      onError: (error) => fail(job, error.originalResponse?.getStatus() || 0, error.originalResponse?.getBody()),
      onSuccess: () => finish(job),
    });
    jobs.add(job);
    job.row.addEventListener("click", (event) => act(job, event.target.closest("[data-act]")?.dataset.act));
    show(job, "waiting");
    facts(job, words(job, "starting"), 0);
    const found = begun ? [{ uploadUrl: begun }] : await job.upload.findPreviousUploads();
    if (found.length) {
      job.upload.url = found.at(-1).uploadUrl;
      job.upload.options.endpoint = null;
    }
    pump();
  };

  const act = async (job, what) => {
    if (what === "pause") {
      job.upload.abort();
      show(job, "paused");
      pump();
    } else if (what === "go-on") goOn(job);
    else if (what === "remove") {
      const { url } = job.upload;
      leave(job);
      await job.upload.abort(true).catch(() => null);
      if (url) changed(job.box);
    }
  };

  const wake = () => jobs.forEach((job) => ["broken", "lapsed"].includes(job.state) && goOn(job));
  window.addEventListener("online", wake);
  window.addEventListener("focus", wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  setInterval(() => document.hidden || (navigator.onLine && wake()), AGAIN);

  window.addEventListener("beforeunload", (event) => {
    if ([...jobs].some((job) => ["waiting", "sending", "checking"].includes(job.state))) event.preventDefault();
  });

  // The client comes once somebody is about to choose a file: most who read the page send none.
  const load = () =>
    new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: CLIENT });
      script.addEventListener("load", () => (window.tus?.isSupported ? done() : failed()));
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  let coming;
  const client = () => (coming ||= load().catch((error) => ((coming = undefined), Promise.reject(error))));

  const isOurs = (node) => node.matches?.("input[type=file][data-upload]");
  const soon = ({ target }) => isOurs(target) && client().catch(() => null);
  ["pointerover", "focusin", "dragenter"].forEach((name) => document.addEventListener(name, soon));

  // Before anybody else hears of a choice: the form's own way would send the files whole, as it does where no client comes.
  let whole = false;
  const chosen = (event) => {
    const input = event.target;
    if (whole || !isOurs(input)) return;
    event.stopImmediatePropagation();
    if (event.type === "change") take(input);
  };

  const take = async (input) => {
    const files = [...input.files];
    try {
      await client();
    } catch {
      whole = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      whole = false;
      return;
    }
    input.value = "";
    files.forEach((file) => send(document.getElementById(input.dataset.upload), file));
  };
  document.addEventListener("input", chosen, true);
  document.addEventListener("change", chosen, true);

  // What was begun elsewhere, as the server lists it; what this window sends itself is left out.
  const listOf = (box) => document.querySelector(`[data-unfinished-of="${box.id}"]`);
  const changed = (box) => htmx.trigger(listOf(box), "changed");

  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (!target.matches?.("[data-unfinished-of]")) return;
    const ours = new Set([...jobs].map((job) => job.upload.url && new URL(job.upload.url, location).pathname));
    target.querySelectorAll("[data-unfinished]").forEach((row) => ours.has(row.dataset.unfinished) && row.remove());
    if (!target.querySelector("[data-unfinished]")) target.replaceChildren();
  });

  const chooseAgain = (box, row) => {
    const input = Object.assign(document.createElement("input"), { type: "file" });
    input.addEventListener("change", async () => {
      const [file] = input.files;
      const { name, size: bytes, unfinished } = row.dataset;
      if (!file) return;
      if (file.name.normalize() !== name || file.size !== Number(bytes)) {
        row.querySelector(".file-facts").textContent = filled(said(box, "other"), { name, size: size(Number(bytes), box.dataset) });
        return;
      }
      if (!(await client().then(() => true, () => false))) {
        row.querySelector(".file-facts").textContent = box.dataset.trouble;
        return;
      }
      row.remove();
      send(box, file, unfinished);
    });
    client().catch(() => null);
    input.click();
  };

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-unfinished] :is([data-go-on], [data-add], [data-drop])");
    if (!button) return;
    const row = button.closest("[data-unfinished]");
    const box = document.getElementById(button.closest("[data-unfinished-of]").dataset.unfinishedOf);
    if ("goOn" in button.dataset) return chooseAgain(box, row);
    const end = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": row.dataset.size };
    const [method, more] = "add" in button.dataset ? ["PATCH", end] : ["DELETE", {}];
    const answer = await fetch(row.dataset.unfinished, { method, headers: headers(more) }).catch(() => null);
    if (answer?.ok && method === "PATCH") htmx.trigger(box, "added");
    else if (answer?.ok || answer?.status === 422) changed(box);
    else row.querySelector(".file-facts").textContent = said(box, "trouble");
  });
})();

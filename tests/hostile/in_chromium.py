"""A page in a real browser: whether anything that a visitor wrote ran there, or could."""

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error

from tests.hostile.payloads import MARK

WATCH = f"""
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.ran.push(name);
Object.defineProperty(window, "{MARK}", {{ set() {{ window.ran.push("{MARK}"); }} }});
document.addEventListener("securitypolicyviolation", (event) =>
  window.ran.push(`refused ${{event.violatedDirective}} ${{event.blockedURI}}`));
"""
LOOK = f"""
() => {{
  const found = [...window.ran];
  const never = new Set(["IFRAME", "OBJECT", "EMBED", "BASE", "STYLE", "MATH", "XSS", "MARQUEE"]);
  for (const one of document.querySelectorAll("*")) {{
    if (never.has(one.tagName.toUpperCase())) found.push(one.outerHTML.slice(0, 80));
    if (one.localName === "script" && !one.src.startsWith(location.origin + "/static/")) found.push("a script");
    for (const {{ name, value }} of one.attributes) {{
      const marked = value.includes("{MARK}") || value.includes("/sign-out");
      if (name.startsWith("on") || name.includes("{MARK}")) found.push(name);
      if (/^(data-)?hx-/.test(name) && marked) found.push(`${{name}}=${{value}}`);
      const leads = /^(href|src|action|formaction|xlink:href)$/.test(name);
      if (leads && /^[\\s\\0-\\x1f]*(javascript|vbscript|data:text)/i.test(value))
        found.push(`${{name}}=${{value}}`);
    }}
  }}
  return found;
}}
"""


class Eyes:
    """Somebody's browser; `troubles` is what ran, or could, on the pages it has opened."""

    def __init__(self, browser: Browser, base: str, cookie: tuple[str, str] | None) -> None:
        self.base = base
        self.context: BrowserContext = browser.new_context()
        self.context.add_init_script(WATCH)
        if cookie:
            self.context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": base}])
        self.page = self.context.new_page()
        self.troubles: list[str] = []
        self.opened = 0
        self.context.on("console", self._heard)

    def open(self, path: str) -> None:
        """Look at a page after its scripts have run, with the mouse over it and every fold open."""
        try:
            answer = self.page.goto(self.base + path, wait_until="load")
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return
        self.opened += 1
        self.page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        self.troubles += [f"{path}: {what}" for what in self.page.evaluate(LOOK)]

    def _heard(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or MARK in message.text:
            self.troubles.append(f"{self.page.url}: {message.text[:200]}")

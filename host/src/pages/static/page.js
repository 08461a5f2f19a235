// Times that change, in the host's zone, ages that go on, forms that are sent once, and pages that keep themselves up to date.
// Nothing here is needed to read or to act.
"use strict";
(() => {
  const french = document.documentElement.lang === "fr";
  const words = document.body.dataset;
  const units = words.units.split("|");
  const locale = french ? "fr" : "en-GB";
  // A zone that browsers do not know, such as a rule in $TZ, leaves the times as the host wrote them.
  const timeZone = (() => {
    try { return new Intl.DateTimeFormat("en", { timeZone: words.timezone }).resolvedOptions().timeZone; }
    catch { return undefined; }
  })();
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone };
  const formats = {
    full: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", ...clock }),
    day: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...clock }),
    clock: new Intl.DateTimeFormat(locale, clock),
  };
  const dates = new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone });
  const isToday = (at) => dates.format(at) === dates.format(new Date());

  const years = new Intl.DateTimeFormat("en", { year: "numeric", timeZone });
  const isThisYear = (at) => years.format(at) === years.format(new Date());

  const timeText = (at, form) =>
    (form === "full" || !isThisYear(at) ? formats.full : isToday(at) ? formats.clock : formats.day).format(at);

  const span = (seconds) => {
    if (seconds < 60) return `${seconds} ${units[0]}`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} ${units[1]}`;
    if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} ${units[2]}`;
    return `${Math.floor(seconds / 86400)} ${units[3]}`;
  };
  const distance = (at) => {
    const seconds = Math.floor((Date.now() - at) / 1000);
    return seconds >= 0 ? words.ago.replace("{span}", span(seconds)) : words.in.replace("{span}", span(-seconds));
  };
  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  const renderTimes = (root) => {
    if (!timeZone) return;
    for (const element of root.querySelectorAll("time[datetime]")) {
      const at = new Date(element.dateTime);
      put(element, timeText(at, element.dataset.form));
      element.title = formats.full.format(at);
    }
  };
  const renderDistances = () => {
    for (const element of document.querySelectorAll("[data-distance]"))
      put(element, distance(Date.parse(element.dataset.distance)));
    for (const element of document.querySelectorAll("[data-elapsed]"))
      put(element, span(Math.max(0, Math.floor((Date.now() - Date.parse(element.dataset.elapsed)) / 1000))));
  };
  // Where there is no clipboard, as without TLS, an old way is left.
  const copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };
  const renderCopies = (root) => {
    for (const button of root.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.onclick = async () => {
        const { copy: text, link } = button.dataset;
        await copy(link === undefined ? text : new URL(text, location.href).href);
        const label = button.textContent;
        button.textContent = words.copied;
        setTimeout(() => { button.textContent = label; }, 1500);
      };
    }
  };
  const render = (root) => { renderTimes(root); renderDistances(); renderCopies(root); };

  // The bars of a run: how many of how many, or of nobody knows how many.
  const showProgress = (run, { done, total }) => {
    const number = (value) => Number(value).toLocaleString(locale);
    const text = total ? words.of.replace("{done}", number(done)).replace("{total}", number(total)) : number(done);
    for (const element of document.querySelectorAll(`[data-progress="${CSS.escape(run)}"]`)) {
      const bar = element.querySelector("progress");
      if (total) {
        bar.max = total;
        bar.value = Math.min(done, total);
      } else bar.removeAttribute("value");
      bar.setAttribute("aria-valuetext", text);
      const figures = element.querySelector("[data-figures]");
      if (figures) put(figures, text);
    }
  };

  // Somebody is at work in a part; who only looks for jobs goes on with that in the new one.
  const isInUse = (part) => {
    const active = document.activeElement;
    return part.contains(active) && active !== document.body && active.id !== "find";
  };
  const exchange = (old, fresh) => {
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    for (const details of old.querySelectorAll("details[id]")) {
      const same = fresh.querySelector(`#${CSS.escape(details.id)}`);
      if (same) same.open = details.open;
    }
    old.replaceWith(fresh);
    if (active?.id !== "find") return;
    const field = document.getElementById("find");
    field.value = active.value;
    field.focus();
    field.setSelectionRange(active.selectionStart, active.selectionEnd);
  };
  // Parts of the page are loaded anew and put in place of the old ones, with what its tab says.
  const refresh = async (...ids) => {
    const isWanted = (id) => document.getElementById(id) && !isInUse(document.getElementById(id));
    if (document.hidden || !ids.some(isWanted)) return;
    const asked = location.href;
    const answer = await fetch(asked, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked !== location.href) return;
    document.title = page.title;
    document.querySelector("link[rel=icon]").href = page.querySelector("link[rel=icon]").href;
    for (const id of ids.filter(isWanted)) {
      const fresh = page.getElementById(id);
      if (!fresh) continue;
      exchange(document.getElementById(id), document.importNode(fresh, true));
      render(document.getElementById(id));
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method !== "post") return;
    form.dataset.sent = "1";
    // Not disabled: the button's own name and value are still to be sent.
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
  });

  // Keys without another one: not while somebody types, nor for who has switched them off.
  const withoutKeys = "carillon-without-keys";
  const findField = () => document.querySelector("main input[type=search], main input[name=text]");
  const goAlong = (step) => {
    const links = [...document.querySelectorAll("main tbody th a")];
    const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
  };
  const keys = {
    "/": () => { findField()?.focus(); findField()?.select(); },
    "?": () => { location.href = "/help#keys"; },
    j: () => goAlong(1),
    k: () => goAlong(-1),
  };
  document.addEventListener("keydown", (event) => {
    const isTyped = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea");
    if (isTyped || !Object.hasOwn(keys, event.key) || localStorage.getItem(withoutKeys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  const keysHelp = document.getElementById("keys");
  if (keysHelp) {
    const wanted = keysHelp.querySelector("input");
    keysHelp.hidden = false;
    keysHelp.open = location.hash === "#keys";
    wanted.checked = !localStorage.getItem(withoutKeys);
    wanted.onchange = () => {
      if (wanted.checked) localStorage.removeItem(withoutKeys);
      else localStorage.setItem(withoutKeys, "1");
    };
  }

  render(document);
  setInterval(renderDistances, 1000);
  for (const part of document.querySelectorAll("[data-refresh]"))
    setInterval(() => refresh(part.id).catch(() => {}), Number(part.dataset.refresh) * 1000);

  window.carillon = { render, refresh, showProgress, timeText, words };
})();

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
  };
  const render = (root) => { renderTimes(root); renderDistances(); };

  // A part of the page is loaded anew and put in place of the old one, unless somebody is at work in it.
  const refresh = async (id) => {
    const old = document.getElementById(id);
    if (!old || document.hidden || (old.contains(document.activeElement) && document.activeElement !== document.body))
      return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    if (!fresh) return;
    old.replaceWith(document.importNode(fresh, true));
    render(document.getElementById(id));
    document.dispatchEvent(new CustomEvent("carillon:refreshed", { detail: id }));
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

  render(document);
  setInterval(renderDistances, 1000);
  for (const part of document.querySelectorAll("[data-refresh]"))
    setInterval(() => refresh(part.id).catch(() => {}), Number(part.dataset.refresh) * 1000);

  window.carillon = { render, refresh, timeText, words };
})();

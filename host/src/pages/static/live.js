// What happens while a page is open, by server-sent events: the state of a job, the progress and the end of its run,
// the lines of its log. A connection that is lost is made again; without any, the page is what it was when it came.
"use strict";
(() => {
  const { render, refresh, showProgress, words } = window.carillon;
  const mostLines = 2000;

  const again = 5000; // ms

  const follow = (path, handlers) => {
    const line = () => document.querySelector("[data-news]");
    let source;
    let later;
    const open = () => {
      source = new EventSource(path);
      for (const [name, handle] of Object.entries(handlers))
        source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
      source.onopen = () => { if (line() && line().textContent === words.lost) line().textContent = ""; };
      source.onerror = () => {
        if (line()) line().textContent = words.lost;
        // The browser tries again by itself, unless the host refused: it is full, or was asked too early.
        if (source.readyState === EventSource.CLOSED) later = setTimeout(open, again);
      };
    };
    const close = () => { clearTimeout(later); source.close(); };
    window.addEventListener("pagehide", close);
    open();
    return { close };
  };

  const say = (text) => {
    const line = document.querySelector("[data-news]");
    if (line && line.textContent !== text) line.textContent = text;
  };

  const refreshAll = () => refresh("state", "figures", "history", "run").catch(() => {});

  // What is counted is told in the page's language by the host alone.
  const follows = (news) => {
    const bar = document.querySelector(`[data-progress="${CSS.escape(news.run)}"]`);
    return bar && bar.dataset.what === news.what;
  };

  const followJob = (element) => {
    const { liveJob: job, liveRun: run, liveState } = element.dataset;
    let state = liveState;
    let isRefreshing = false;
    const refreshProgress = () => {
      if (isRefreshing) return;
      isRefreshing = true;
      refresh("state", "progress").catch(() => {}).finally(() => { isRefreshing = false; });
    };
    const source = follow(`/live/jobs/${encodeURIComponent(job)}`, {
      state: (news) => {
        const now = `${news.state} ${news.run ?? ""} ${news.stopping ?? ""}`;
        // A run may have ended before this page was told of it, and its row be written only now.
        if (run ? news.run !== run : state !== now) refreshAll().then(closeWhenOver);
        state = now;
      },
      progress: (news) => {
        if (run && news.run !== run) return;
        if (!follows(news)) refreshProgress();
        showProgress(news.run, news.counters);
      },
      ended: (news) => {
        if (run && news.run !== run) return;
        refreshAll().then(() => {
          say(document.querySelector("#state .badge, #run .badge")?.textContent ?? "");
          closeWhenOver();
        });
      },
    });
    const closeWhenOver = () => { if (run && !document.querySelector("[data-live-run]")) source.close(); };
  };

  const lineOf = (news, withJob) => {
    const item = document.createElement("li");
    item.className = `l-${news.level}`;
    const time = document.createElement("time");
    time.dateTime = news.time;
    time.dataset.form = "short";
    const level = document.createElement("span");
    level.className = "level";
    level.textContent = news.level;
    const text = document.createElement("span");
    text.className = "text";
    text.textContent = news.text;
    item.append(time, level);
    if (withJob) {
      const job = document.createElement("a");
      job.href = `/jobs/${encodeURIComponent(news.job)}`;
      job.textContent = news.job;
      item.append(job);
    }
    item.append(text);
    render(item);
    return item;
  };

  const append = (item) => {
    const list = document.querySelector("[data-lines]");
    const box = list.parentElement;
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    document.querySelector("[data-nolines]")?.remove();
    box.hidden = false;
    list.append(item);
    while (list.children.length > mostLines) list.firstElementChild.remove();
    if (atEnd) box.scrollTop = box.scrollHeight;
  };

  // As the host looks for a text: neither accents nor capital letters matter.
  const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/ß/g, "ss").replace(/[‘’ʼ]/g, "'").replace(/[\u2010\u2011]/g, "-")
    .replace(/[\u00a0\u2007\u2009\u202f]/g, " ");

  // Jobs by a pattern such as sync-*@*; none means all.
  const patternOf = (pattern) => {
    if (!pattern) return () => true;
    const parts = pattern.split("").map((c) => ({ "*": ".*", "?": "." })[c] ?? c.replace(/[^\w]/, "\\$&"));
    const form = new RegExp(`^${parts.join("")}$`);
    return (job) => form.test(pattern.includes("@") ? job : job.split("@")[0]);
  };

  const followLog = (filter, wanted, withJob) => {
    // What stands in the page already comes once more, when the host sends the last lines first.
    const last = [...document.querySelectorAll("[data-lines] time")].pop()?.dateTime ?? "";
    follow(`/live/log?${new URLSearchParams(filter)}`, {
      line: (news) => { if (news.time > last && wanted(news)) append(lineOf(news, withJob)); },
      gap: () => {
        const item = document.createElement("li");
        item.className = "gap";
        item.textContent = words.gap;
        append(item);
      },
    });
  };

  const job = document.querySelector("[data-live-job]");
  if (job) {
    followJob(job);
    const run = job.dataset.liveRun;
    if (run) followLog({ job: job.dataset.liveJob, level: "" }, (news) => news.run === run, false);
  }
  const log = document.querySelector("[data-live-log]");
  if (log) {
    log.scrollTop = log.scrollHeight;
    const text = folded(log.dataset.text);
    const isMeant = patternOf(log.dataset.pattern);
    followLog({ job: log.dataset.job, level: log.dataset.level },
      (news) => isMeant(news.job) && (!text || folded(`${news.run} ${news.text}`).includes(text)), !log.dataset.job);
  }
})();

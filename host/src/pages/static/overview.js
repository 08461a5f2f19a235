// The overview while it is open: jobs are found as their names are typed, and the bars of runs move.
"use strict";
(() => {
  const { refresh, showProgress } = window.carillon;
  const pause = 250; // ms, after the last key
  const between = 2000; // ms

  let later;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-find]")) return;
    clearTimeout(later);
    later = setTimeout(() => {
      const wanted = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      const column = new URLSearchParams(location.search).get("sort");
      if (column && event.target.name !== "sort") wanted.set("sort", column);
      history.replaceState(null, "", `/${wanted.size ? `?${wanted}` : ""}`);
      refresh("live").catch(() => {});
    }, pause);
  });

  // A row whose run has ended, or has told something for the first time, is another one.
  const follow = async () => {
    const shown = [...document.querySelectorAll("[data-progress]")];
    if (document.hidden || !shown.length) return;
    const answer = await fetch("/api/v1/progress");
    if (!answer.ok) return;
    const told = new Map((await answer.json()).items.map((item) => [item.run, item]));
    const isOver = ({ dataset }) => dataset.what !== told.get(dataset.progress)?.what;
    if (shown.some(isOver)) return refresh("live");
    for (const { dataset } of shown) if (told.has(dataset.progress)) showProgress(dataset.progress, told.get(dataset.progress));
  };
  setInterval(() => follow().catch(() => {}), between);
})();

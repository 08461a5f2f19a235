// Pictures of the last runs. The same figures stand in the table of runs.
"use strict";
(() => {
  const { timeText } = window.carillon;
  const section = document.querySelector("[data-charts]");
  if (!section || !window.Chart) return;
  section.hidden = false;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const charts = [];

  const draw = (canvas) => {
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const points = JSON.parse(canvas.dataset.points);
    return new window.Chart(canvas, {
      type: "bar",
      data: {
        labels: points.map(([at]) => timeText(new Date(at), "short")),
        datasets: [{ data: points.map(([, value]) => value), backgroundColor: colour("--m-running"), maxBarThickness: 14 }],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        onClick: (event, found) => { if (found.length) location.href = `/runs/${encodeURIComponent(points[found[0].index][2])}`; },
        plugins: { legend: { display: false } },
        scales: {
          x: { grid: { display: false }, ticks: { color: colour("--soft"), maxTicksLimit: canvas.parentElement.clientWidth < 250 ? 1 : 4, maxRotation: 0 } },
          y: { beginAtZero: true, grid: { color: colour("--line") }, ticks: { color: colour("--soft"), maxTicksLimit: 4 } },
        },
      },
    });
  };
  const drawAll = () => {
    while (charts.length) charts.pop().destroy();
    for (const canvas of section.querySelectorAll("canvas")) charts.push(draw(canvas));
  };
  drawAll();
  dark.addEventListener("change", drawAll);
})();

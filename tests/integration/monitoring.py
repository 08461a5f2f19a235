#!/usr/bin/env python3
"""What conf/monitoring holds works with a real Prometheus and a real host:
monitoring.py CARILLON GATEWAY PLUGIN... SOURCES PROMETHEUS_FOLDER"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

program, gateway, *plugins, sources, unpacked = sys.argv[1:]
conf = sources + "/conf/monitoring"
path = os.environ["PATH"] + ":" + unpacked + "/usr/bin"
prometheus, promtool = (shutil.which(name, path=path) for name in ("prometheus", "promtool"))
assert prometheus and promtool, "no prometheus or promtool: sh host/packages.sh test"

# What a job of the synchronisation and one of any other task tell.
SYNC = {f"carillon_task_sync_{name}" for name in ("pending", "lag_seconds", "items_total", "rejects")}
ALWAYS = {f"carillon_{name}" for name in (
    "job_runs_total", "job_run_duration_seconds", "job_start_delay_seconds", "job_last_success_timestamp_seconds",
    "job_next_run_timestamp_seconds", "job_slots_total", "job_running", "workers", "store_up", "build_info")}


def fetch(url, token=None, body=None):
    headers = {"Authorization": "Bearer " + token} if token else {}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers, data=body), timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def wait_for(what, condition, limit=60):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            if found := condition():
                return found
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.2)
    raise AssertionError("did not come to pass: " + what)


class Scene:
    """A gateway with answers, Agora's database, and a host with a few jobs."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="carillon-monitoring.")
        self.processes = []
        os.mkdir(self.folder + "/jobs")
        os.mkdir(self.folder + "/plugins", mode=0o755)
        for plugin in plugins:
            shutil.copy(plugin, self.folder + "/plugins")

    def stop_last(self):
        process = self.processes.pop()
        process.terminate()
        process.wait(timeout=30)

    def stop(self):
        while self.processes:
            self.stop_last()
        shutil.rmtree(self.folder)

    def start(self, *words, **more):
        self.processes.append(subprocess.Popen(words, **more))
        return self.processes[-1]

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(file.name, 0o640)
        return file.name

    def read(self, name):
        with open(f"{self.folder}/{name}", encoding="utf-8") as file:
            return file.read()

    def carillon(self, *words):
        return subprocess.run([program, "--config", self.folder + "/carillon.properties", *words],
                              capture_output=True, text=True, check=True).stdout

    def start_gateway(self):
        self.start(gateway, "--db", self.folder + "/gateway.db", "--key", "monitoring-key",
                   "--port-file", self.folder + "/port", stdout=subprocess.DEVNULL)
        wait_for("the gateway listens", lambda: os.path.exists(self.folder + "/port") and self.read("port"))
        answered = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - 3600))
        items = [{"token": token, "action": "valide", "commentaire": None, "validated_at": answered}
                 for token in ("quickstart-1-1", "unknown-token")]
        self.gateway = "http://127.0.0.1:" + self.read("port").strip()
        fetch(self.gateway + "/control/items", body=json.dumps({"items": items}).encode())

    def make_agora(self):
        for script in ("schemas/agora/sqlite/agora.sql", "host/quickstart.sql"):
            with open(f"{sources}/{script}", encoding="utf-8") as sql:
                subprocess.run(["sqlite3", self.folder + "/agora.db"], stdin=sql, check=True)

    def write_jobs(self):
        trouble = "job.plugin = Troublemaker\njob.task = Troublemaker\ntask.run = %s\njob.schedule = %s\n"
        self.write("jobs/quick.properties", trouble % ("succeed", "* * * * * *") + "job.expect.duration = ..10m\n")
        self.write("jobs/fails.properties", trouble % ("fail", "* * * * * *"))
        self.write("jobs/slow.properties", trouble % ("wait_for_stop", "* * * * * *"))
        self.write("jobs/sync.properties", f"""
            job.plugin = Passerelle
            job.task = PasserelleSync
            job.schedule = * * * * * *
            task.database.connector = SQLite
            task.database.connection = {self.folder}/agora.db
            task.gateway.url = {self.gateway}/agora/passerelle
            task.gateway.key = monitoring-key
            """)

    def configure_host(self):
        self.write("carillon.properties", "plugins.dir = plugins\njobs.enabled = *\nhttp.address = 127.0.0.1:0\n"
                                          "drain.timeout = 500ms\n")
        self.token = re.search(r"carillon_\S+", self.carillon("token", "add", "prometheus", "--role", "viewer")).group()

    def start_host(self):
        host = self.start(program, "--config", self.folder + "/carillon.properties", "serve",
                          stderr=subprocess.PIPE, text=True)
        for line in host.stderr:
            if found := re.search(r"http.listening address=(\S+)", line):
                self.url = found.group(1)
            if "host.ready" in line:
                return
        raise AssertionError("the host did not start")

    def metrics(self):
        kind, text = fetch(self.url + "/metrics", self.token)
        assert kind.startswith("text/plain; version=0.0.4"), kind
        return text


def families(text):
    return set(re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE))


def check_metrics(scene):
    expected = ALWAYS | SYNC
    try:
        wait_for("all metrics", lambda: expected <= families(scene.metrics()))
    finally:
        text = scene.metrics()
        if missing := expected - families(text):
            print(f"{missing} are not in\n{text}", scene.carillon("history", "sync", "--limit", "3"), file=sys.stderr)
    checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and not checked.stdout + checked.stderr, checked.stdout + checked.stderr + text
    for line in ('carillon_task_sync_items_total{job="sync",outcome="applied"} 1',
                 'carillon_task_sync_items_total{job="sync",outcome="rejected"} 1',
                 'carillon_task_sync_rejects{job="sync"} 1', 'carillon_task_sync_pending{job="sync"} 0',
                 'carillon_task_sync_lag_seconds{job="sync"} 0', 'carillon_job_running{job="slow"} 1',
                 'carillon_task_items{job="quick"} 3', "carillon_store_up 1"):
        assert line + "\n" in text, f"{line} is not in\n{text}"
    assert "monitoring-key" not in text and scene.token not in text
    print("metrics: ok")
    return text


def check_restart_keeps_last_success(scene, before):
    """A host that was begun anew knows of successes that it has not seen."""
    value = r'^carillon_job_last_success_timestamp_seconds\{job="sync"\} (\S+)$'
    scene.write("jobs/sync.properties", scene.read("jobs/sync.properties").replace("* * * * * *", "0 0 1 1 *"))
    scene.stop_last()
    scene.start_host()
    after = scene.metrics()
    known = float(re.search(value, after, re.MULTILINE).group(1))
    assert known >= float(re.search(value, before, re.MULTILINE).group(1)), after
    assert 'carillon_job_runs_total{job="sync",outcome="succeeded",trigger="schedule"} 0\n' in after, after
    print("restart: ok")


def check_reload_forgets(scene):
    os.remove(scene.folder + "/jobs/slow.properties")
    scene.carillon("reload")
    text = scene.metrics()
    assert 'job="slow"' not in text and 'job="quick"' in text, text
    print("reload: ok")


class Server:
    """A Prometheus with the configuration that is shipped, but for what differs here."""

    def __init__(self, scene):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = "127.0.0.1:" + str(free.getsockname()[1])
        with open(conf + "/prometheus.yml", encoding="utf-8") as file:
            text = file.read()
        for shipped, here in (("/etc/prometheus/carillon.token", scene.write("token", scene.token)),
                              ("127.0.0.1:8620", scene.url.removeprefix("http://")),
                              ("scrape_interval: 15s", "scrape_interval: 500ms"),
                              ("evaluation_interval: 15s", "evaluation_interval: 1s")):
            assert shipped in text, shipped
            text = text.replace(shipped, here)
        shutil.copy(conf + "/carillon.rules.yml", scene.folder)
        self.config = scene.write("prometheus.yml", text)
        subprocess.run([promtool, "check", "config", self.config], check=True)
        self.url = "http://" + address
        scene.start(prometheus, "--config.file=" + self.config, "--storage.tsdb.path=" + scene.folder + "/tsdb",
                    "--web.listen-address=" + address, "--log.level=warn")
        wait_for("Prometheus is ready", lambda: fetch(self.url + "/-/ready"))

    def api(self, route, **query):
        try:
            answer = json.loads(fetch(f"{self.url}/api/v1/{route}?{urllib.parse.urlencode(query)}")[1])
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{route} {query}: {error.read().decode()}") from error
        assert answer["status"] == "success", answer
        return answer["data"]

    def rules(self):
        return [rule for group in self.api("rules")["groups"] for rule in group["rules"]]


def check_scrape(server):
    def healthy():
        targets = server.api("targets")["activeTargets"]
        return targets and all(target["health"] == "up" for target in targets)
    wait_for("the host is scraped", healthy)
    print("scrape: ok")


def check_alerts(server):
    def evaluated():
        rules = server.rules()
        return rules and all(rule["health"] == "ok" for rule in rules)
    wait_for("all rules are evaluated", evaluated)

    def firing():
        return {(alert["labels"]["alertname"], alert["labels"].get("job")) for rule in server.rules()
                for alert in rule["alerts"] if alert["state"] == "firing"}
    expected = {("CarillonJobFails", "fails"), ("CarillonItemsRejected", "sync")}
    wait_for(f"alerts {expected}", lambda: expected <= firing())
    assert firing() == expected, firing()
    print("alerts: ok")


def queries_of(dashboard):
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def check_queries(server, text):
    """Each names what the host exposes, and each of the dashboard shows something."""
    with open(conf + "/grafana-dashboard.json", encoding="utf-8") as file:
        dashboard = json.load(file)
    of_dashboard = list(queries_of(dashboard))
    variables = [variable["definition"] for variable in dashboard["templating"]["list"] if "definition" in variable]
    of_rules = [rule["query"] for rule in server.rules()]
    assert len(of_dashboard) > 15 and len(of_rules) > 5
    exposed = families(text) | {"up"}
    exposed |= {name + suffix for name in families(text) for suffix in ("_bucket", "_count", "_sum")}
    used = set()
    for query in of_dashboard + variables + of_rules:
        names = set(re.findall(r"\b(?:carillon_[a-z0-9_]+|up|process_[a-z_]+)\b", re.sub(r'"[^"]*"', "", query)))
        assert names and names <= exposed, f"{query} names {names - exposed}"
        used |= names
    unused = {name for name in ALWAYS | SYNC if not any(one.startswith(name) for one in used)}
    assert not unused, f"neither shown nor watched: {unused}"
    for query in of_dashboard:
        here = query.replace("$instance", ".+").replace("$job", ".+").replace("$__rate_interval", "1m")
        wait_for("an answer to " + here, lambda here=here: server.api("query", query=here)["result"])
    print("queries: ok")


subprocess.run([promtool, "check", "rules", conf + "/carillon.rules.yml"], check=True)
subprocess.run([promtool, "test", "rules", conf + "/carillon.rules.test.yml"], check=True)
scene = Scene()
try:
    scene.start_gateway()
    scene.make_agora()
    scene.write_jobs()
    scene.configure_host()
    scene.start_host()
    text = check_metrics(scene)
    server = Server(scene)
    check_scrape(server)
    check_alerts(server)
    check_queries(server, text)
    scene.stop_last()
    check_reload_forgets(scene)
    check_restart_keeps_last_success(scene, scene.metrics())
finally:
    scene.stop()

#!/usr/bin/env python3
"""A real host answers as schemas/openapi.yaml says: api.py CARILLON PLUGINS OPENAPI"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import jsonschema
import yaml

program, plugins, description = sys.argv[1:]
with open(description, encoding="utf-8") as file:
    api = yaml.safe_load(file)
described = {(m.upper(), path): op for path, item in api["paths"].items() for m, op in item.items() if m != "parameters"}
seen = set()
# What any request may be answered; all else is described one by one.
ANYWHERE = {400, 405, 413, 414, 421, 431, 500}
# The forms of server-sent events.
EVENTS = {"state": "JobDetail", "progress": "LiveProgress", "ended": "LiveEnded", "line": "LiveLine", "gap": "LiveGap"}


def resolve(node):
    while "$ref" in node:
        found = api
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def validate(operation, status, kind, body):
    described = operation["responses"]
    answer = resolve(described["default"] if status in ANYWHERE and str(status) not in described else described[str(status)])
    content = answer.get("content", {})
    if not content:
        assert not body, body
        return
    assert kind in content, f"{kind} is not among {list(content)}"
    if kind.endswith("json"):
        check_schema(content[kind]["schema"], body)


def check_schema(schema, text):
    # The parts that a schema names are those of the description.
    schema = {**schema, "components": api["components"]}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(json.loads(text))


class Host:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="carillon-api.")
        os.makedirs(self.folder + "/jobs")
        os.makedirs(self.folder + "/plugins", mode=0o755)
        shutil.copy(plugins + "/troublemaker/libTroublemaker.so", self.folder + "/plugins")
        self.write("carillon.properties", "plugins.dir = plugins\njobs.enabled = *\nhttp.address = 127.0.0.1:0\ndrain.timeout = 500ms\n")
        self.job("quick", "succeed", "job.schedule = * * * * * *\n")
        self.job("slow", "wait_for_stop", "")
        self.job("steps", "progress_slowly", "job.schedule = */2 * * * * *\n")
        self.job("bad", "succeed", "job.schedule = 61 * * * *\n")
        token = self.carillon("token", "add", "robot", "--role", "operator")
        self.token = re.search(r"carillon_\S+", token).group()
        token = self.carillon("token", "add", "one-job", "--role", "viewer", "--job", "quick")
        self.token_of_one_job = re.search(r"carillon_\S+", token).group()
        token = self.carillon("token", "add", "reader", "--role", "viewer", "--people", "yes")
        self.token_of_reader = re.search(r"carillon_\S+", token).group()
        self.process = subprocess.Popen([program, "--config", self.folder + "/carillon.properties", "serve"],
                                        stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"http.listening address=(\S+)", line):
                self.url = found.group(1)
            if "host.ready" in line:
                break

    def write(self, name, text):
        path = f"{self.folder}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o640)

    def job(self, name, trouble, lines):
        self.write(f"jobs/{name}.properties",
                   f"job.plugin = Troublemaker\njob.task = Troublemaker\ntask.run = {trouble}\n{lines}")

    def carillon(self, *words):
        return subprocess.run([program, "--config", self.folder + "/carillon.properties", *words],
                              capture_output=True, text=True, check=True).stdout

    def call(self, method, path, expected, route=None, body=None, headers=None, token=True):
        """The answer, after it was found to be as described; `route` is the path's pattern."""
        route = route or path.split("?")[0]
        operation = described[(method, route)]
        seen.add((method, route))
        given = dict(headers or {})
        if token:
            given["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(self.url + path, method=method, headers=given,
                                         data=body.encode() if body is not None else None)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, kind, text = answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as error:
            status, kind, text = error.code, error.headers["Content-Type"], error.read()
        assert status == expected, f"{method} {path}: {status}, expected {expected}: {text}"
        try:
            validate(operation, status, (kind or "").split(";")[0], text)
        except Exception as error:
            raise AssertionError(f"{method} {path}: {status} is not as described: {error}\n{text}") from error
        print(f"{method} {path} {status}: ok")
        return json.loads(text) if text and "json" in (kind or "") else text

    def events(self, path, route, wanted, headers=None):
        """The last one of each event, once all that are wanted have come; each is as described."""
        seen.add(("GET", route))
        request = urllib.request.Request(self.url + path, headers={"Authorization": "Bearer " + self.token, **(headers or {})})
        came = {}
        with urllib.request.urlopen(request, timeout=30) as answer:
            validate(described[("GET", route)], answer.status, answer.headers["Content-Type"], b"")
            while not set(wanted) <= set(came):
                line = answer.readline().decode()
                assert line, f"{path}: it ended with {came}"
                field, _, value = line.rstrip("\n").partition(": ")
                if field == "event":
                    event = value
                if field == "data":
                    check_schema({"$ref": "#/components/schemas/" + EVENTS[event]}, value)
                    came[event] = json.loads(value)
        print(f"GET {path} {', '.join(came)}: ok")
        return came

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=30)
        shutil.rmtree(self.folder)


def wait_for(condition):
    for _ in range(300):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def look(host):
    job = "/api/v1/jobs/{job}"
    host.call("GET", "/healthz", 200, token=False)
    host.call("GET", "/readyz", 503, token=False)  # a job is faulty
    assert b"bad.properties" in host.call("GET", "/readyz", 503)
    of_one_job = {"Authorization": "Bearer " + host.token_of_one_job}
    assert b"bad" not in host.call("GET", "/readyz", 503, token=False, headers=of_one_job)
    assert b'carillon_job_running{job="slow"} 0' in host.call("GET", "/metrics", 200)
    assert b"slow" not in host.call("GET", "/metrics", 200, token=False, headers=of_one_job)
    host.call("GET", "/metrics", 401, token=False)
    host.call("GET", "/api/v1/status", 200)
    host.call("GET", "/api/v1/status", 401, token=False)
    first = host.call("GET", "/api/v1/jobs?limit=2", 200)
    assert [row["job"] for row in first["items"]] == ["bad", "quick"], first
    rest = host.call("GET", f"/api/v1/jobs?limit=2&cursor={first['next']}", 200)
    assert [row["job"] for row in rest["items"]] == ["slow", "steps"] and rest["next"] is None, rest
    host.call("GET", "/api/v1/jobs?limit=0", 400)
    host.call("GET", "/api/v1/jobs?cursor=zz", 400)
    assert "there is no colour, limt in this query" in host.call("GET", "/api/v1/jobs?colour=red&limt=2", 400)["detail"]
    host.call("GET", "/api/v1/status?job=quick", 400)
    host.call("GET", "/api/v1/jobs/quick?n=1", 400, job)
    host.call("GET", "/api/v1/jobs/quick/runs?end=ran", 400, job + "/runs")
    host.call("GET", "/api/v1/jobs/quick/items?sate=applied", 400, job + "/items")
    # A variable that a script has not filled is no filter.
    def patternOf(path): return "/api/v1" + path.split("?")[0].replace("/jobs/quick", "/jobs/{job}")
    for path in ("/jobs/quick/items?state=", "/jobs/quick/items?campaign=&state=applied", "/jobs/quick/rejects?reason=",
                 "/jobs/quick/runs?outcome=", "/jobs/quick/slots?end=", "/activity?by=", "/logs?level="):
        assert "has no value" in host.call("GET", "/api/v1" + path, 400, patternOf(path))["detail"], path
    host.call("GET", "/api/v1/jobs/quick", 200, job)
    assert host.call("GET", "/api/v1/jobs/bad", 200, job)["faults"]
    host.call("GET", "/api/v1/jobs/ghost", 404, job)
    assert len(host.call("GET", "/api/v1/jobs/quick/next?n=3", 200, job + "/next")["items"]) == 3
    host.call("GET", "/api/v1/jobs/quick/next?n=x", 400, job + "/next")
    assert host.call("GET", "/api/v1/jobs/quick/why?at=2001-01-01", 200, job + "/why")["slots"] == []
    host.call("GET", "/api/v1/jobs/quick/why?at=noon", 400, job + "/why")
    host.call("GET", "/api/v1/jobs/quick/rejects", 200, job + "/rejects")
    items = job + "/items"
    page = host.call("GET", "/api/v1/jobs/quick/items?limit=2&state=applied&since=2d", 200, items)
    # What concerns people is for those who are given it; a program is not, unless somebody says so.
    assert all(item["people"] is None for item in page["items"]), page
    host.call("GET", "/api/v1/jobs/quick/items?person=zo", 403, items)
    host.call("GET", "/api/v1/jobs/quick/items?state=lost", 400, items)
    host.call("GET", "/api/v1/jobs/quick/items?since=some+day", 400, items)
    page = host.call("GET", "/api/v1/jobs/quick/items?person=zo", 200, items, token=False,
                     headers={"Authorization": "Bearer " + host.token_of_reader})
    assert page["items"][0]["people"]["person"].startswith("Zo"), page
    routes = {tuple(route.split(" ")) for route in host.call("GET", "/api/v1", 200)["routes"]}
    api = ("/api/", "/live/", "/metrics")
    undescribed = {route for route in routes if route[1].startswith(api)} - set(described)
    assert not undescribed, f"not described: {undescribed}"
    host.call("GET", "/api/v1/session", 200)
    host.call("GET", "/api/v1/session", 401, token=False)


def page(host, path, route, key):
    """All rows, page by page, none twice."""
    rows, cursor = [], ""
    while True:
        answer = host.call("GET", f"{path}?limit=2{cursor}", 200, route)
        rows += [row[key] for row in answer["items"]]
        if answer["next"] is None:
            break
        cursor = "&cursor=" + answer["next"]
    assert len(rows) == len(set(rows)) and len(rows) >= 3, rows
    assert rows == sorted(rows, reverse=True), rows


def page_all(host):
    runs = "/api/v1/jobs/{job}/runs"
    wait_for(lambda: len(host.call("GET", "/api/v1/jobs/quick/slots", 200, "/api/v1/jobs/{job}/slots")["items"]) > 3)
    told = host.call("GET", "/api/v1/jobs/quick/why", 200, "/api/v1/jobs/{job}/why")
    assert told["slots_due"] == 1 and told["slots"][0]["attempts"], told
    host.call("POST", "/api/v1/jobs/quick/pause", 200, "/api/v1/jobs/{job}/pause")
    assert host.call("GET", "/api/v1/jobs/quick", 200, "/api/v1/jobs/{job}")["pause"]["by"] == "robot"
    page(host, "/api/v1/jobs/quick/slots", "/api/v1/jobs/{job}/slots", "slot")
    page(host, "/api/v1/jobs/quick/runs", runs, "run")
    host.call("GET", "/api/v1/jobs/quick/runs?outcome=failed", 200, runs)
    host.call("GET", "/api/v1/jobs/quick/runs?outcome=odd", 400, runs)
    host.call("GET", "/api/v1/jobs/ghost/slots", 404, "/api/v1/jobs/{job}/slots")
    pause = "/api/v1/jobs/{job}/pause"
    until = host.call("POST", "/api/v1/jobs/quick/pause", 200, pause, body='{"until":"2999-12-24 18:00","note":"travaux"}')
    assert until["until"].startswith("2999-12-24T") and until["note"] == "travaux", until
    assert host.call("GET", "/api/v1/jobs/quick", 200, "/api/v1/jobs/{job}")["pause"]["note"] == "travaux"
    host.call("POST", "/api/v1/jobs/quick/pause", 400, pause, body='{"until":"2020-01-01"}')
    host.call("POST", "/api/v1/jobs/quick/resume", 200, "/api/v1/jobs/{job}/resume")


def tell(host):
    host.call("GET", "/api/v1/alerts?job=quick&kind=failed&channel=mail&state=sent&since=2d&until=2999-01-01&limit=1", 200)
    assert "kind = odd, expected one of failed, recovered" in host.call("GET", "/api/v1/alerts?kind=odd", 400)["detail"]
    host.call("GET", "/api/v1/alerts?since=noon", 400)
    host.call("GET", "/api/v1/alerts?cursor=zz", 400)
    host.call("GET", "/api/v1/alerts?by=me", 400)
    log = "/api/v1/activity"
    wait_for(lambda: len(host.call("GET", log + "?job=quick&by=robot", 200)["items"]) == 3)
    first = host.call("GET", log + "?what=pause&limit=1", 200)
    rest = host.call("GET", f"{log}?what=pause&limit=1&cursor={first['next']}", 200)
    assert first["items"] != rest["items"], rest
    host.call("GET", log + "?what=dance", 400)
    assert host.call("GET", log + "?by=host&what=start", 200)["items"]
    assert not host.call("GET", log + "?until=2001-01-01", 200)["items"]
    lines = host.call("GET", "/api/v1/logs?job=qui*&level=information&text=FINISHED&limit=3", 200)["items"]
    assert len(lines) == 3 and all(line["job"] == "quick" for line in lines), lines
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines), lines
    assert not host.call("GET", "/api/v1/logs?until=2001-01-01", 200)["items"]
    host.call("GET", "/api/v1/logs?job=ghost*", 404)
    host.call("GET", "/api/v1/logs?since=noon", 400)
    host.call("GET", log, 401, token=False)
    of_one_job = {"Authorization": "Bearer " + host.token_of_one_job}
    host.call("GET", log + "?job=slow", 404, token=False, headers=of_one_job)


def act(host):
    run, one = "/api/v1/jobs/{job}/run", "/api/v1/runs/{run}"
    host.call("POST", "/api/v1/jobs/slow/run", 401, run, token=False)
    key = {"Idempotency-Key": "once"}
    begun = host.call("POST", "/api/v1/jobs/slow/run", 202, run, body="{}", headers=key)
    assert host.call("POST", "/api/v1/jobs/slow/run", 202, run, headers=key) == begun
    busy = host.call("POST", "/api/v1/jobs/slow/run", 409, run, body='{"wait":false}')
    assert busy["type"] == "urn:carillon:problem:job-busy" and busy["run"] == begun["run"], busy
    assert host.call("GET", "/api/v1/runs/" + begun["run"], 200, one)["outcome"] == "running"
    host.call("GET", "/api/v1/jobs/slow/runs?outcome=running", 200, "/api/v1/jobs/{job}/runs")
    host.call("GET", "/api/v1/runs/ghost", 404, one)
    host.call("POST", "/api/v1/jobs/slow/run", 400, run, body="{")
    host.call("POST", "/api/v1/jobs/slow/run", 413, run, body=" " * 70_000)
    host.call("POST", "/api/v1/jobs/bad/run", 409, run)
    host.call("POST", "/api/v1/jobs/ghost/run", 404, run)
    dismiss = "/api/v1/jobs/{job}/dismiss"
    for body in ("{}", '{"ids":[1]}', '{"ids":[],"reason":"x"}', '{"ids":1,"reason":"x"}', '{"ids":[1],"reason":" "}'):
        host.call("POST", "/api/v1/jobs/quick/dismiss", 400, dismiss, body=body)
    host.call("POST", "/api/v1/jobs/quick/dismiss", 202, dismiss, body='{"ids":[1,2],"reason":"on paper"}')
    replay = "/api/v1/jobs/{job}/replay"
    host.call("POST", "/api/v1/jobs/slow/replay", 400, replay)
    host.call("POST", "/api/v1/jobs/slow/replay", 409, replay, body='{"all":true}')
    stop = "/api/v1/runs/{run}/stop"
    host.call("POST", "/api/v1/runs/ghost/stop", 404, stop)
    stopped = host.call("POST", f"/api/v1/runs/{begun['run']}/stop", 202, stop)
    assert stopped["runs"] == [begun["run"]], stopped
    wait_for(lambda: host.call("GET", "/api/v1/runs/" + begun["run"], 200, one)["outcome"] == "stopped")
    host.call("GET", "/api/v1/jobs/slow/runs?outcome=stopped", 200, "/api/v1/jobs/{job}/runs")
    host.call("POST", "/api/v1/jobs/slow/stop", 409, "/api/v1/jobs/{job}/stop")
    checked = host.call("POST", "/api/v1/jobs/slow/check", 200, "/api/v1/jobs/{job}/check")
    assert checked["checks"], checked


def follow(host):
    wait_for(lambda: [one for one in host.call("GET", "/api/v1/progress", 200)["items"] if one["job"] == "steps"])
    host.call("GET", "/api/v1/progress?job=steps", 400)
    host.call("GET", "/api/v1/progress", 401, token=False)
    host.call("GET", "/live/jobs/ghost", 404, "/live/jobs/{job}")
    host.call("GET", "/live/log", 401, token=False)
    host.call("GET", "/live/log?level=loud", 400)
    came = host.events("/live/jobs/steps", "/live/jobs/{job}", ["state", "progress", "ended"])
    assert came["ended"]["outcome"] == "succeeded", came
    host.events("/live/log?job=steps", "/live/log", ["line"])
    host.events("/live/log", "/live/log", ["gap", "line"], {"Last-Event-ID": "1-1"})
    host.call("POST", "/api/v1/jobs/steps/pause", 200, "/api/v1/jobs/{job}/pause")


def sign_in(host):
    path = "/api/v1/session"
    given = '{"user":"anna","password":"wrong-password"}'
    host.call("POST", path, 403, body=given, token=False)
    origin = {"Sec-Fetch-Site": "same-origin"}
    host.call("POST", path, 400, body="{", headers=origin, token=False)
    host.call("POST", path, 401, body=given, headers=origin, token=False)
    host.call("DELETE", path, 204, token=False)


def refuse(host):
    host.call("GET", "/api/v1/status?" + "x" * 5000, 414)
    host.call("GET", "/api/v1/status", 431, headers={"X-Large": "x" * 20000})
    host.call("GET", "/api/v1/status", 421, headers={"Host": "elsewhere.example.com"})
    host.call("POST", "/api/v1/jobs/quick/run", 413, "/api/v1/jobs/{job}/run", body=" " * 70000)
    for (method, path), operation in described.items():
        answers = set(operation["responses"])
        assert "default" in answers, f"{method} {path}"
        assert "401" not in answers or {"403", "429", "503"} <= answers, f"{method} {path}"


def wrong_tokens(host):
    good, host.token = host.token, "carillon_wrong"
    for _ in range(5):  # the wrong password does not count among them
        host.call("GET", "/api/v1/status", 401)
    host.call("GET", "/api/v1/status", 429)
    host.token = good
    host.call("GET", "/api/v1/status", 200)


host = Host()
try:
    look(host)
    page_all(host)
    tell(host)
    act(host)
    follow(host)
    sign_in(host)
    refuse(host)
    wrong_tokens(host)
finally:
    host.stop()
missing = set(described) - seen
assert not missing, f"described and never asked for: {missing}"

"""kubernetes.py FOLDER: checks the definitions in it and prints the schedule of the job, for service-files.sh."""

import sys
import yaml


def load(name):
    with open(f"{sys.argv[1]}/{name}", encoding="utf-8") as file:
        return {part["kind"]: part for part in yaml.safe_load_all(file)}


def check_pod(pod, verb):
    container = pod["containers"][0]
    config = "/etc/carillon/carillon.properties"
    assert container["command"][:4] == ["/usr/local/bin/carillon", "--config", config, verb]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    claims = [v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"] if "persistentVolumeClaim" in v]
    assert claims == [claim]
    assert all(v["secret"]["defaultMode"] & 0o007 == 0 for v in pod["volumes"] if "secret" in v)


parts = load("cronjob.yaml")
claim = parts["PersistentVolumeClaim"]["metadata"]["name"]
job = parts["CronJob"]
assert job["apiVersion"] == "batch/v1"
assert job["spec"]["concurrencyPolicy"] == "Forbid"
run = job["spec"]["jobTemplate"]["spec"]
assert run["backoffLimit"] == 0 and run["template"]["spec"]["restartPolicy"] == "Never"
check_pod(run["template"]["spec"], "run")

host = load("host.yaml")["Deployment"]
assert host["apiVersion"] == "apps/v1"
assert host["spec"]["replicas"] == 1 and host["spec"]["strategy"] == {"type": "Recreate"}
assert host["spec"]["selector"]["matchLabels"].items() <= host["spec"]["template"]["metadata"]["labels"].items()
assert host["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > 30 + 15
check_pod(host["spec"]["template"]["spec"], "serve")
print(job["spec"]["schedule"])

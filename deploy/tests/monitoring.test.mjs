// Prometheus' rules and configuration, the dashboard, and that they ask for metrics that the program has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { files, read, run } from "./support.mjs";

const folder = "deploy/prometheus";

test("Prometheus takes its configuration and rules", () => {
  run("promtool", "check", "config", `${folder}/prometheus.yml`);
});

test("each alert fires when it should and is silent when all is well", () => {
  run("promtool", "test", "rules", `${folder}/rules_test.yml`);
});

const rules = parse(read(`${folder}/rules.yml`)).groups.flatMap((group) => group.rules);
const alerts = rules.filter((rule) => rule.alert);
const dashboard = JSON.parse(read("deploy/grafana/dashboard.json"));
const panels = dashboard.panels.filter((panel) => panel.type !== "row");

test("each alert says what to do, and has a test in which it fires", () => {
  const cases = parse(read(`${folder}/rules_test.yml`)).tests.flatMap((one) => one.alert_rule_test);
  for (const { alert, annotations, labels } of alerts) {
    assert.ok(annotations.summary && annotations.action, alert);
    assert.ok(["page", "ticket"].includes(labels.severity), alert);
    const of = cases.filter((one) => one.alertname === alert);
    assert.ok(of.some((one) => one.exp_alerts.length > 0), `${alert} never fires in a test`);
    assert.ok(of.some((one) => one.exp_alerts.length === 0), `${alert} is never silent in a test`);
  }
});

test("the dashboard's panels lie beside each other and ask the provisioned source", () => {
  const source = parse(read("deploy/grafana/provisioning/datasources/prometheus.yaml")).datasources[0].uid;
  const ids = dashboard.panels.map((panel) => panel.id);
  assert.equal(new Set(ids).size, ids.length, "ids are unique");
  const taken = new Set();
  for (const { title, gridPos } of dashboard.panels) {
    const { x, y, w, h } = gridPos;
    assert.ok(w > 0 && h > 0 && x >= 0 && x + w <= 24, title);
    for (let column = x; column < x + w; column += 1) {
      for (let row = y; row < y + h; row += 1) {
        assert.ok(!taken.has(`${column} ${row}`), `${title} lies over another`);
        taken.add(`${column} ${row}`);
      }
    }
  }
  for (const { title, targets, datasource } of panels) {
    assert.ok(targets.length > 0, title);
    assert.equal(datasource.uid, source, title);
    for (const { refId, expr, datasource } of targets) assert.ok(refId && expr && datasource.uid === source, title);
  }
});

/** What the program counts: the names in its macros, and those that metrics-process makes. */
const counted = new Set(
  ["backend/src", "server/src"]
    .flatMap((folder) => files(folder, ".rs"))
    .flatMap((path) => [...read(path).matchAll(/(?:counter|gauge|histogram)!\(\s*"([a-z_]+)"/g)])
    .map((found) => found[1]),
);
const ofProcess = ["cpu_seconds_total", "open_fds", "resident_memory_bytes", "start_time_seconds", "threads"];
ofProcess.forEach((name) => counted.add(`ytsum_process_${name}`));
const namesIn = (query) => query.match(/\b(?:ytsum|summary|cache)_[a-z_]+/g) ?? [];
const known = (name) => counted.has(name) || counted.has(name.replace(/_(bucket|count|sum)$/, ""));

test("rules and dashboard ask for metrics that there are", () => {
  assert.ok(counted.size > 20, [...counted].join());
  const queries = [...rules.map((rule) => rule.expr), ...panels.flatMap(({ targets }) => targets.map((one) => one.expr))];
  const asked = new Set(queries.flatMap(namesIn));
  assert.ok(asked.size > 20);
  assert.deepEqual([...asked].filter((name) => !known(name)), []);
});

test("deploy.sh does what it says, against a stub", () => {
  assert.match(run("bash", "deploy/deploy_test.sh"), /^\d+ passed, 0 failed$/m);
});

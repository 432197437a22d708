// Compose files: Compose itself reads them, and what we promise of every service.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { compose, merged, read, root, tools } from "./support.mjs";

const names = ["compose.yaml", "compose.security.yaml", "compose.monitoring.yaml", "compose.logs.yaml", "compose.scale.yaml"];
const parts = Object.fromEntries(names.map((name) => [name, compose(`deploy/${name}`)]));
const whole = names.map((name) => parts[name]).reduce(merged);
const services = Object.fromEntries(
  Object.entries(whole.services).map(([name, service]) => [
    name,
    service.extends ? merged(parts[service.extends.file].services[service.extends.service], service) : service,
  ]),
);
const ours = ["app", "canary"];
const each = (check) => Object.entries(services).forEach(([name, service]) => check(name, service));

/** What Compose itself makes of some of the files. Its wrapper always ends with 0, so that what it says on standard error counts. */
function composed(...files) {
  const parameters = [...files.flatMap((file) => ["--file", file]), "--profile", "canary", "config", "--format", "json"];
  const { stdout, stderr } = spawnSync(`${tools}/docker-compose`, parameters, { cwd: root, encoding: "utf8" });
  assert.ok(stdout, stderr);
  return JSON.parse(stdout);
}

for (const more of [[], ["security"], ["monitoring"], ["security", "scale"], ["security", "monitoring", "scale"]]) {
  const chosen = ["compose.yaml", ...more.map((name) => `compose.${name}.yaml`)];
  test(`Compose takes ${chosen.join(" with ")}`, () => {
    const { services } = composed(...chosen.map((name) => `deploy/${name}`));
    // Only nginx reaches the app where it stands in front.
    assert.equal(services.app.ports?.length ?? 0, more.includes("security") ? 0 : 1);
    assert.equal(services.app.deploy.replicas ?? 1, more.includes("scale") ? 3 : 1);
    assert.equal("canary" in services, more.includes("security"));
  });
}

test("Compose refuses what is no setting", () => {
  const folder = mkdtempSync(join(tmpdir(), "compose-"));
  const path = join(folder, "compose.yaml");
  writeFileSync(path, "services: { app: { imagge: x } }\n");
  assert.throws(() => composed(path), /imagge/);
  rmSync(folder, { recursive: true });
});

test("every service has limits and reservations", () =>
  each((name, { deploy }) => {
    for (const kind of ["limits", "reservations"]) {
      const given = deploy?.resources?.[kind];
      assert.match(given?.memory ?? "", /^\d+[MG]$/, `${name}: ${kind} of memory`);
      assert.ok(Number(given?.cpus) > 0, `${name}: ${kind} of processors`);
    }
  }));

test("no service can gain privileges, none has the engine's socket or the host's network", () =>
  each((name, service) => {
    assert.ok(service.security_opt?.includes("no-new-privileges:true"), name);
    assert.ok(!service.privileged && !service.network_mode && !service.pid, name);
    assert.ok(!JSON.stringify(service.volumes ?? []).includes("docker.sock"), name);
  }));

test("all but Postgres drop every capability", () =>
  each((name, service) => {
    if (name !== "postgres") assert.deepEqual(service.cap_drop, ["ALL"], name);
  }));

test("only data can be written where the program is ours", () => {
  for (const name of ours) assert.equal(services[name].read_only, true, name);
});

test("secrets are files that are not in the repository", () => {
  const known = Object.keys(whole.secrets);
  for (const [name, secret] of Object.entries(whole.secrets)) {
    assert.deepEqual(Object.keys(secret), ["file"], name);
    assert.match(secret.file, /^\.\/secrets\/[a-z_.]+$/, name);
  }
  assert.match(read(".gitignore"), /^\/?deploy\/secrets/m);
  each((name, service) => {
    for (const secret of service.secrets ?? []) assert.ok(known.includes(secret), `${name}: ${secret}`);
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      const path = /^\/run\/secrets\/(.+)$/.exec(value)?.[1];
      if (path) assert.ok(service.secrets?.includes(path), `${name}: ${variable} names a secret that it is not given`);
      if (/PASSWORD|SECRET|_KEY|TOKEN$|LOGIN_CODE|DATABASE_URL/.test(variable)) {
        assert.ok(path, `${name}: ${variable} has to be a file`);
      }
    }
  });
});

test("deploy/README.md says how to make every secret", () => {
  const readme = read("deploy/README.md");
  for (const { file } of Object.values(whole.secrets)) assert.ok(readme.includes(file.replace("./secrets/", "")), file);
});

test("the app knows every variable that it is given", () => {
  const known = [...read(".env.example").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((found) => found[1]);
  for (const name of ours) {
    for (const variable of Object.keys(services[name].environment)) {
      assert.ok(known.includes(variable.replace(/_FILE$/, "")), `${name}: ${variable}`);
    }
  }
});

test("the health check is the image's", () => {
  const [, options, command] = /^HEALTHCHECK (.*?)\\\n\s+CMD (\[.*\])$/m.exec(read("Dockerfile"));
  const flag = (name) => new RegExp(`--${name}=(\\S+)`).exec(options)[1];
  assert.deepEqual(services.app.healthcheck, {
    test: ["CMD", ...JSON.parse(command)],
    interval: flag("interval"),
    timeout: flag("timeout"),
    start_period: flag("start-period"),
    retries: Number(flag("retries")),
  });
  assert.equal(
    ["interval", "timeout", "start-period", "retries"].map(flag).join(" "),
    "30s 10s 60s 3",
    "the operations handbook's numbers",
  );
});

test("start waits for health, and stopping for the drain", () => {
  assert.equal(services.app.depends_on.postgres.condition, "service_healthy");
  assert.equal(services["reverse-proxy"].depends_on.app.condition, "service_healthy");
  assert.equal(services.app.stop_grace_period, "30s");
});

test("nothing but nginx listens beyond this machine", () =>
  each((name, { ports }) => {
    for (const port of ports ?? []) {
      const near = /^(127\.0\.0\.1:|\$\{YTSUM_LISTEN:-127\.0\.0\.1:)/.test(port);
      assert.ok(near || name === "reverse-proxy", `${name}: ${port}`);
    }
  }));

test("Postgres is on the inner network alone, which leads nowhere", () => {
  assert.deepEqual(parts["compose.security.yaml"].services.postgres.networks, ["inside"]);
  assert.equal(whole.networks.inside.internal, true);
  assert.equal(services.app.environment.TRUSTED_PROXIES, whole.networks.inside.ipam.config[0].subnet);
});

test("images have versions, and the logs of ours are rotated", () =>
  each((name, service) => {
    assert.match(service.image, /:(?!latest)[^:]+$/, name);
  }));

test("the engine rotates the logs of ours, or the journal does", () => {
  const file = { driver: "json-file", options: { "max-size": "10m", "max-file": "10" } };
  for (const name of ["app", "postgres"]) assert.deepEqual(parts["compose.yaml"].services[name].logging, file, name);
  const { services } = composed(...["", "monitoring.", "logs."].map((part) => `deploy/compose.${part}yaml`));
  // An option that the journal does not know would keep the service from starting.
  for (const name of ["app", "postgres"]) assert.deepEqual(services[name].logging, { driver: "journald" }, name);
});

/** What Compose makes of an environment, in the folder of its files. */
function environment(name) {
  const { stdout, stderr } = spawnSync(`${tools}/docker-compose`, ["--env-file", `${name}.env`, "config", "--format", "json"], {
    cwd: join(root, "deploy"),
    encoding: "utf8",
  });
  assert.ok(stdout, stderr);
  return JSON.parse(stdout);
}

test("staging and production share nothing, and both have TLS in front", () => {
  const [staging, production] = ["staging", "production"].map(environment);
  for (const kind of ["volumes", "networks"]) {
    const names = [staging, production].map((one) => Object.values(one[kind]).map(({ name }) => name));
    assert.deepEqual(names[0].filter((name) => names[1].includes(name)), [], kind);
  }
  for (const one of [staging, production]) {
    assert.ok(one.services["reverse-proxy"]);
    assert.equal(one.services.app.ports, undefined);
  }
  assert.equal(staging.services.app.environment.BACKUP_AT, "off");
  assert.equal(production.services.app.environment.BACKUP_AT, "03:20");
  assert.ok(production.services.prometheus);
});

test("what an environment sets is used, and no secret", () => {
  const used = new Set(names.flatMap((name) => [...read(`deploy/${name}`).matchAll(/\$\{([A-Z_]+)/g)].map(([, variable]) => variable)));
  for (const name of ["staging", "production"]) {
    for (const [, variable] of read(`deploy/${name}.env`).matchAll(/^([A-Z_]+)=/gm)) {
      assert.ok(variable.startsWith("COMPOSE_") || used.has(variable), `${name}: ${variable}`);
      assert.doesNotMatch(variable, /PASSWORD|SECRET|_KEY|_TOKEN$|LOGIN_CODE|DATABASE_URL/, name);
    }
  }
});

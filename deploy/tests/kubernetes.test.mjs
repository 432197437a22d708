// Kubernetes manifests, against Kubernetes' own schemas, and what is ours to promise; workflows, against theirs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { documents, files, read, run, tools } from "./support.mjs";

const manifests = files("deploy/kubernetes", ".yaml");

for (const path of manifests) {
  test(`${path} follows Kubernetes' schemas`, () => {
    const said = run(`${tools}/kubernetes-validate`, "--strict", path);
    const passed = said.match(/ passed for resource /g) ?? [];
    assert.equal(passed.length, documents(path).length, said);
  });
}

const all = manifests.flatMap(documents);
const pods = all.flatMap(({ kind, spec }) =>
  kind === "Deployment" ? [spec.template.spec] : kind === "CronJob" ? [spec.jobTemplate.spec.template.spec] : [],
);

test("pods meet the restricted standard that the namespace enforces", () => {
  assert.equal(pods.length, 2);
  for (const pod of pods) {
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.equal(pod.securityContext.seccompProfile.type, "RuntimeDefault");
    assert.equal(pod.automountServiceAccountToken, false);
    for (const { securityContext, resources } of pod.containers) {
      assert.equal(securityContext.allowPrivilegeEscalation, false);
      assert.equal(securityContext.readOnlyRootFilesystem, true);
      assert.deepEqual(securityContext.capabilities.drop, ["ALL"]);
      assert.ok(resources.limits.memory && resources.requests.cpu);
    }
  }
});

test("pods run as the image's user, and know their variables", () => {
  const user = Number(/^USER (\d+):/m.exec(read("Dockerfile"))[1]);
  const known = [...read(".env.example").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((found) => found[1]);
  const secret = all.find(({ kind }) => kind === "Secret");
  for (const pod of pods) {
    assert.equal(pod.securityContext.runAsUser, user);
    for (const { name, value } of pod.containers.flatMap(({ env }) => env)) {
      assert.ok(known.includes(name.replace(/_FILE$/, "")), name);
      const key = /^\/run\/secrets\/app\/(.+)$/.exec(value)?.[1];
      if (name.endsWith("_FILE")) assert.ok(key in secret.stringData, `${name}: ${value}`);
    }
    const claims = all.filter(({ kind }) => kind === "PersistentVolumeClaim").map(({ metadata }) => metadata.name);
    for (const { persistentVolumeClaim: claim } of pod.volumes) {
      if (claim) assert.ok(claims.includes(claim.claimName), claim.claimName);
    }
  }
});

test("probes ask addresses that there are", () => {
  const router = read("server/src/router.rs");
  const [container] = all.find(({ kind }) => kind === "Deployment").spec.template.spec.containers;
  for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
    const { path, port } = container[probe].httpGet;
    assert.ok(router.includes(`.route("${path}"`), path);
    assert.ok(container.ports.some(({ name }) => name === port));
  }
  // A database that is away must restart nothing.
  assert.equal(container.livenessProbe.httpGet.path, "/livez");
});

test("workflows are sound", () => {
  run(`${tools}/actionlint`, ...files(".github/workflows", ".yml"));
});

test("workflows have no known weakness", () => {
  run(`${tools}/zizmor`, "--offline", "--no-progress", ".github");
});

test("workflows take actions by hash", () => {
  for (const path of files(".github/workflows", ".yml")) {
    for (const [, action] of read(path).matchAll(/uses: (\S+)/g)) assert.match(action, /@[0-9a-f]{40}$/, path);
  }
});

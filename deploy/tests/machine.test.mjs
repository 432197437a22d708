// What runs without containers or beside them: nginx, Alertmanager and systemd read their files themselves.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { files, read, run } from "./support.mjs";

/** Runs a check in a folder of its own, for files that have to differ from the repository's in what this machine lacks. */
function inFolder(check) {
  const folder = mkdtempSync(join(tmpdir(), "deploy-"));
  try {
    return check((name, content = "") => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function nginx(upstream) {
  inFolder((file) => {
    const [certificate, key] = [file("tls.crt"), file("tls.key")];
    run(
      ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
    );
    file("upstream.conf", upstream);
    const here = read("deploy/nginx/nginx.conf")
      .replaceAll(" /tmp/", ` ${dirname(key)}/`)
      .replace("/run/secrets/tls_certificate;", `${certificate};`)
      .replace("/run/secrets/tls_key;", `${key};`)
      // Not to be opened where they are no files: Node gives programs sockets.
      .replaceAll(/ \/dev\/std(out|err)/g, ` ${file("log")}`);
    // As root it would look for a user that not every machine has.
    run("/usr/sbin/nginx", "-t", "-q", "-c", file("nginx.conf", `user root;\n${here}`));
  });
}

for (const path of files("deploy/nginx", ".conf").filter((path) => !path.endsWith("/nginx.conf"))) {
  test(`nginx takes nginx.conf with ${path}`, () => {
    // Debian's nginx is older than `resolve` in open nginx (1.27.3), and here is no server of Docker's that knows `app`.
    nginx(read(path).replace("server app:5001 resolve", "server 127.0.0.1:5001"));
  });
}

test("nginx refuses what is no setting", () => {
  const upstream = read("deploy/nginx/upstream.blue-green.conf");
  assert.throws(() => nginx(upstream.replace("max_fails", "max_fail")), /max_fail/);
});

test("Alertmanager takes its configuration", () => {
  run("amtool", "check-config", "deploy/prometheus/alertmanager.yml");
});

const unit = read("deploy/systemd/youtube-summarizer.service");

/** What systemd says of a unit; what it does not know is no error to it. Whether the program is there it looks, too. */
const verify = (unit) =>
  inFolder((file) => {
    const path = file("youtube-summarizer.service", unit.replace("/usr/local/bin/youtube-summarizer serve", "/bin/true"));
    const { error, status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
    assert.equal(error, undefined);
    return { status, said: stderr.split("\n").filter((line) => line.includes("youtube-summarizer.service")) };
  });

test("systemd takes the unit, and refuses what is no setting", () => {
  assert.deepEqual(verify(unit), { status: 0, said: [] });
  assert.match(verify(unit.replace("PrivateTmp=yes", "PrivateTemp=yes")).said.join(), /PrivateTemp/);
});

test("systemd calls the unit's exposure OK", () => {
  // Of 100; what is left is that it talks to the network and stands in the machine's root folder.
  run("systemd-analyze", "security", "--offline=yes", "--threshold=15", "--no-pager", "deploy/systemd/youtube-summarizer.service");
});

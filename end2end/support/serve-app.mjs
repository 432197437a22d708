// Starts the app on the fixture upstream, in an empty house that is removed afterwards where it is ours.
// Playwright starts this (servers.ts) and ends it with SIGTERM.

import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { YTSUM_LOGIN_CODE, YTSUM_SERVER, YTSUM_DATA_DIR, LEPTOS_SITE_ROOT, PORT, UPSTREAM_URL } = process.env;
const own = YTSUM_DATA_DIR ? undefined : mkdtempSync(join(tmpdir(), 'ytsum-end2end-'));
if (own) {
  // As root the database runs as another user, who must be able to reach its folder.
  chmodSync(own, 0o755);
}

const app = spawn(YTSUM_SERVER, ['serve'], {
  stdio: 'inherit',
  // These alone: a person's own settings must not decide how a test ends.
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: 'C.UTF-8',
    RUST_BACKTRACE: '1',
    LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
    DATA_DIR: own ?? YTSUM_DATA_DIR,
    BIND_ADDRESS: '127.0.0.1',
    PORT,
    LEPTOS_SITE_ROOT,
    YOUTUBE_BASE_URL: UPSTREAM_URL,
    YOUTUBE_REQUESTS_PER_MINUTE: '0',
    OPENAI_BASE_URL: `${UPSTREAM_URL}/v1`,
    OPENAI_API_KEY: 'fixture',
    GOOGLE_BASE_URL: UPSTREAM_URL,
    GOOGLE_API_KEY: 'fixture',
    ANTHROPIC_BASE_URL: UPSTREAM_URL,
    ANTHROPIC_API_KEY: 'fixture',
    DEFAULT_MODEL: 'fixture-good',
    // Tests ask for more than people do.
    COSTLY_CALLS_PER_MINUTE: '0',
    ...(YTSUM_LOGIN_CODE && {
      LOGIN_ENABLED: 'true',
      LOGIN_CODE: YTSUM_LOGIN_CODE,
      TRUSTED_PROXIES: '127.0.0.1',
      // Visitors come from addresses elsewhere, and there is no TLS.
      ALLOW_PLAIN_HTTP: 'true',
    }),
  },
});
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => app.kill(signal));
}
app.on('exit', (code, signal) => {
  if (own) {
    rmSync(own, { recursive: true, force: true });
  }
  process.exit(code ?? (signal ? 1 : 0));
});

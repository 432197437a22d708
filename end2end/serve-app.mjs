// Starts the app on the fixture upstream with an empty house, and removes the house afterwards.
// Playwright starts it (playwright.config.ts) and ends it with SIGTERM.

import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { APP_BIN, APP_PORT, UPSTREAM_URL, SITE_ROOT } = process.env;
const house = mkdtempSync(join(tmpdir(), 'ytsum-end2end-'));
// As root the database runs as another user, who must be able to reach its folder.
chmodSync(house, 0o755);

const app = spawn(APP_BIN, ['serve'], {
  stdio: 'inherit',
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: 'C.UTF-8',
    RUST_BACKTRACE: '1',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    DATA_DIR: house,
    BIND_ADDRESS: '127.0.0.1',
    PORT: APP_PORT,
    LEPTOS_SITE_ROOT: SITE_ROOT,
    SITE_ROOT,
    YOUTUBE_BASE_URL: UPSTREAM_URL,
    OPENAI_BASE_URL: `${UPSTREAM_URL}/v1`,
    OPENAI_API_KEY: 'fixture',
    GOOGLE_BASE_URL: UPSTREAM_URL,
    GOOGLE_API_KEY: 'fixture',
    DEFAULT_MODEL: 'fixture-good',
  },
});
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => app.kill(signal));
}
app.on('exit', (code, signal) => {
  rmSync(house, { recursive: true, force: true });
  process.exit(code ?? (signal === 'SIGTERM' ? 0 : 1));
});

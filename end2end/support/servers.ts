// The programs under test and the browser. `cargo xtask test` tells where they lie; by itself the suite takes what was built last.
//
//   YTSUM_SERVER, YTSUM_UPSTREAM   the programs; ../target/debug/…
//   LEPTOS_SITE_ROOT               the site's static files; ../target/site
//   YTSUM_DATA_DIR                 an empty house for the app; a temporary folder
//   CHROMIUM                       /usr/bin/chromium
//   YTSUM_PORT                     the app's port, the upstream's is the next, then those of the app with a login and of houses that tests start; 5190

import type { PlaywrightTestConfig } from '@playwright/test';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const from = (variable: string, usual: string) => resolve(root, process.env[variable] || usual);

const port = Number(process.env.YTSUM_PORT || 5190);
export const appUrl = `http://127.0.0.1:${port}`;
export const upstreamUrl = `http://127.0.0.1:${port + 1}`;
/** The app again, in a house of its own that asks for a code. Who comes is told apart by X-Forwarded-For. */
export const lockedUrl = `http://127.0.0.1:${port + 2}`;
export const loginCode = `correct horse <&"'> bättery`;

export const browser = {
  launchOptions: {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
  locale: 'en-GB',
  timezoneId: 'UTC',
};

/** A house that a test starts by itself (own-house.ts). */
export const ownUrl = `http://127.0.0.1:${port + 3}`;

const environment = (own: number) => ({
  YTSUM_SERVER: from('YTSUM_SERVER', 'target/debug/youtube-summarizer'),
  LEPTOS_SITE_ROOT: from('LEPTOS_SITE_ROOT', 'target/site'),
  PORT: String(own),
  UPSTREAM_URL: upstreamUrl,
});

export const ownHouse = { ...environment(port + 3), YTSUM_DATA_DIR: '', YTSUM_LOGIN_CODE: '' };

const app = (own: number, more: Record<string, string> = {}) => ({
  command: `exec node ${resolve(import.meta.dirname, 'serve-app.mjs')}`,
  env: { ...environment(own), ...more },
  url: `http://127.0.0.1:${own}/readyz`,
  stdout: 'pipe' as const,
  timeout: 120_000,
  gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 20_000 },
});

export const servers: PlaywrightTestConfig['webServer'] = [
  {
    command: `exec ${from('YTSUM_UPSTREAM', 'target/debug/upstream')} --port ${port + 1}`,
    url: `${upstreamUrl}/_control/log`,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 2_000 },
  },
  app(port),
  app(port + 2, { YTSUM_DATA_DIR: '', YTSUM_LOGIN_CODE: loginCode }),
];

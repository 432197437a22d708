// The suite: starts the fixture upstream and the app, then drives a real Chromium.
//
//   UPSTREAM_BIN, APP_BIN   the programs; built into ../target/debug where not set
//   SITE_ROOT               the site's static files; ../target/site
//   CHROMIUM                the browser; /usr/bin/chromium
//   APP_PORT, UPSTREAM_PORT where they listen

import { defineConfig, devices } from '@playwright/test';
import { resolve } from 'node:path';

const here = import.meta.dirname;
const appPort = process.env.APP_PORT ?? '5191';
const upstreamPort = process.env.UPSTREAM_PORT ?? '5190';
const upstreamUrl = `http://127.0.0.1:${upstreamPort}`;
const appUrl = `http://127.0.0.1:${appPort}`;
const program = (variable: string, name: string) =>
  resolve(here, process.env[variable] ?? `../target/debug/${name}`);

export const chromium = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1280, height: 800 } };
export const phone = {
  ...devices['Pixel 7'],
  viewport: { width: 390, height: 844 },
  screen: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

const emptyHouse = /empty-house\.spec/;
const withoutScript = /without-script\//;
const onPhone = /on-phone\//;
const elsewhere = [emptyHouse, withoutScript, onPhone];

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  // One house and one upstream, whose faults meet whoever asks: one test at a time.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? [['line']] : [['list']],
  use: {
    baseURL: appUrl,
    launchOptions: chromium,
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
  },
  projects: [
    // First, while the house is empty.
    { name: 'empty', testMatch: emptyHouse, use: desktop },
    { name: 'desktop', testIgnore: elsewhere, use: desktop },
    // What is tagged, and what only phones have.
    { name: 'phone', testIgnore: elsewhere, grep: /@phone/, use: phone },
    { name: 'phone-only', testMatch: onPhone, use: phone },
    { name: 'dark', testIgnore: elsewhere, grep: /@dark/, use: { ...desktop, colorScheme: 'dark' } },
    { name: 'nojs', testMatch: withoutScript, use: { ...desktop, javaScriptEnabled: false } },
  ],
  webServer: [
    {
      command: `exec ${program('UPSTREAM_BIN', 'upstream')} --port ${upstreamPort}`,
      url: `${upstreamUrl}/_control/log`,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 2_000 },
    },
    {
      command: 'exec node serve-app.mjs',
      cwd: here,
      env: {
        APP_BIN: program('APP_BIN', 'youtube-summarizer'),
        APP_PORT: appPort,
        UPSTREAM_URL: upstreamUrl,
        SITE_ROOT: resolve(here, process.env.SITE_ROOT ?? '../target/site'),
      },
      url: `${appUrl}/readyz`,
      timeout: 120_000,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    },
  ],
  metadata: { upstreamUrl },
});

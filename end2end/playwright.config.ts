// The suite: starts the fixture upstream and the app, then drives a real Chromium. Variables: support/servers.ts.

import { defineConfig, devices } from '@playwright/test';
import { appUrl, browser, servers, upstreamUrl } from './support/servers';

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
  forbidOnly: Boolean(process.env.CI),
  // One more try where it decides what lands: a machine that is busy elsewhere must not.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? [['line']] : [['list']],
  use: {
    ...browser,
    baseURL: appUrl,
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
  webServer: servers,
  metadata: { upstreamUrl },
});

// `npm run screenshots` with BASE_URL: pictures of the demo for README and review, in ../docs/screenshots.

import { defineConfig } from '@playwright/test';
import { chromium, desktop, phone } from './playwright.config';

const look = (device: 'desktop' | 'phone', colorScheme: 'light' | 'dark') => ({
  name: `${device}-${colorScheme}`,
  use: { ...(device === 'phone' ? phone : desktop), colorScheme },
});

export default defineConfig({
  testDir: './screenshots',
  outputDir: './test-results',
  workers: 1,
  timeout: 120_000,
  reporter: [['line']],
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:5001',
    launchOptions: chromium,
    locale: 'en-GB',
    timezoneId: 'UTC',
  },
  projects: [look('desktop', 'light'), look('desktop', 'dark'), look('phone', 'light'), look('phone', 'dark')],
});

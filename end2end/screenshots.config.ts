// Pictures of the pages for README and review. `cargo xtask screenshots` takes them of an empty house of its own;
// `BASE_URL=http://127.0.0.1:5001 npm run screenshots` of what runs there, which should be the demo.

import { defineConfig } from '@playwright/test';
import { desktop, phone } from './playwright.config';
import { appUrl, browser, servers } from './support/servers';

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
  use: { ...browser, baseURL: process.env.BASE_URL || appUrl },
  webServer: process.env.BASE_URL ? undefined : servers,
  projects: [look('desktop', 'light'), look('desktop', 'dark'), look('phone', 'light'), look('phone', 'dark')],
});

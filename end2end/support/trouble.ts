// What must not happen in the background of any test: console errors, exceptions, failed requests, calls to other hosts.

import { type BrowserContext, expect } from '@playwright/test';

export class Trouble {
  private readonly found: string[] = [];
  private readonly expected: RegExp[] = [];

  /** Trouble that a test provokes. */
  expect(pattern: RegExp) {
    this.expected.push(pattern);
  }

  add(what: string) {
    this.found.push(what);
  }

  watch(context: BrowserContext, withScript: boolean) {
    context.on('console', (message) => {
      if (message.type() === 'error') {
        this.add(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.add(`exception: ${error.error().message}`));
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'failed';
      // The browser itself ends requests when a page is left. With script turned off it takes no nonce, not even for a preload.
      const own = why === 'net::ERR_ABORTED' || (why === 'csp' && !withScript);
      if (!own) {
        this.add(`request: ${why} ${request.method()} ${request.url()}`);
      }
    });
  }

  check() {
    const left = this.found.filter((what) => !this.expected.some((pattern) => pattern.test(what)));
    expect(left, 'trouble in the background').toEqual([]);
  }
}

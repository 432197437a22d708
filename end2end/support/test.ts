// The test that all specs use: a watched browser, a stub in the place of YouTube's player, the upstream's controls.

import { test as base, type APIRequestContext, type Page } from '@playwright/test';
import { Trouble } from './trouble';
import { Upstream, copyOf, videos } from './upstream';

export { expect } from '@playwright/test';
export { videos };

type Copy = ReturnType<typeof copyOf>;

interface Fixtures {
  trouble: Trouble;
  upstream: Upstream;
  /** Makes a copy of a video for this test alone. */
  copy: (id: string) => Copy;
}

const PLAYER = `<!DOCTYPE html><title>Stub player</title><script>
  window.heard = [];
  addEventListener('message', (event) => {
    const message = JSON.parse(event.data);
    window.heard.push(message);
    if (message.event === 'listening') event.source.postMessage(JSON.stringify({ event: 'onReady' }), event.origin);
  });
</script>`;

/** Notes when the wasm has taken over the page: it does so right after it was instantiated. */
function noteHydration() {
  for (const name of ['instantiate', 'instantiateStreaming'] as const) {
    const original = WebAssembly[name] as (...args: unknown[]) => Promise<unknown>;
    (WebAssembly as unknown as Record<string, unknown>)[name] = async (...args: unknown[]) => {
      const result = await original.apply(WebAssembly, args);
      setTimeout(() => requestAnimationFrame(() => document.documentElement.setAttribute('data-test-ready', '')));
      return result;
    };
  }
}

export const test = base.extend<Fixtures>({
  trouble: [
    async ({ context, baseURL, javaScriptEnabled }, use) => {
      const trouble = new Trouble();
      trouble.watch(context, javaScriptEnabled);
      await context.addInitScript(noteHydration);
      const own = new URL(baseURL ?? '').host;
      await context.route(
        (url) => url.protocol.startsWith('http') && url.host !== own,
        (route) => {
          trouble.add(`another host: ${route.request().url()}`);
          return route.abort();
        },
      );
      await context.route('https://www.youtube-nocookie.com/**', (route) =>
        route.fulfill({ contentType: 'text/html', body: PLAYER }),
      );
      await use(trouble);
      trouble.check();
    },
    { auto: true },
  ],
  upstream: [
    async ({}, use, info) => {
      const upstream = new Upstream(info.config.metadata.upstreamUrl as string);
      await use(upstream);
      await upstream.clear();
    },
    { auto: true },
  ],
  copy: async ({}, use, info) => {
    await use((id) => copyOf(id, info.workerIndex));
  },
});

/** Opens a page and waits until script has taken it over. */
export async function open(page: Page, path: string) {
  await page.goto(path);
  await ready(page);
}

/** Waits until script has taken over the page. */
export async function ready(page: Page) {
  await page.locator('html[data-test-ready]').waitFor({ state: 'attached' });
}

/** Types into the home field and sends it. */
export async function submit(page: Page, text: string) {
  await open(page, '/');
  await page.getByLabel('Paste YouTube links or a transcript').fill(text);
  await page.getByRole('button', { name: 'Summarise' }).click();
}

/** Types into the home field, sends it, and lands on the summary's page. */
export async function summarise(page: Page, text: string) {
  await submit(page, text);
  await page.waitForURL(/\/summaries\/[0-9a-f-]+/);
  await ready(page);
}

interface Wishes {
  model?: string;
  title?: string;
  style?: string;
  language?: string;
  words?: number;
  fresh?: boolean;
}

/** Asks the API for one run; its id. */
export async function start(request: APIRequestContext, input: string, wishes: Wishes = {}): Promise<string> {
  const response = await request.post('/api/v1/runs', { data: { input, ...wishes } });
  if (response.status() !== 202) {
    throw new Error(`the API answered ${response.status()}: ${await response.text()}`);
  }
  const { runs, rejected } = await response.json();
  if (runs.length !== 1) {
    throw new Error(`not one run: ${JSON.stringify(rejected)}`);
  }
  return runs[0].id;
}

/** Waits until a run has come to one of `states`. */
export async function until(request: APIRequestContext, id: string, ...states: string[]) {
  for (let tries = 0; tries < 300; tries += 1) {
    const run = await (await request.get(`/api/v1/runs/${id}`)).json();
    if (states.includes(run.state)) {
      return run;
    }
    if (['failed', 'cancelled', 'done'].includes(run.state)) {
      throw new Error(`the run ended otherwise: ${JSON.stringify(run)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the run ${id} did not come to ${states}`);
}

/** Makes a summary over the API and waits for it; its id. */
export async function make(request: APIRequestContext, input: string, wishes: Wishes = {}): Promise<string> {
  const id = await start(request, input, wishes);
  const run = await until(request, id, 'done');
  return run.summary_id ?? id;
}

// The fixture upstream's controls (upstream/README.md), and its catalogue as far as tests name it.

import { expect } from '@playwright/test';

export const videos = {
  long: 'LightHouseA',
  short: 'TeaKettle04',
  automatic: 'HoneyBees0c',
  automaticChapters: 'TidePools0c',
  languages: 'BridgeTalk8',
  spanish: 'PanDeMasa0w',
  japanese: 'KamiOri000k',
  arabic: 'NujumLayl0o',
  longTitle: 'Emoji100ch0',
  hostile: 'ScriptTag0A',
  noCaptions: 'NoCaptions8',
  private: 'PrivateVidI',
  blocked: 'BotCheck000',
  unavailable: 'GoneVideo00',
} as const;

let copies = 0;

/** A copy of a video that no other test has: its id, the mark behind its title, and the words its captions end in. */
export function copyOf(id: string, workerIndex: number) {
  copies += 1;
  const mark = (workerIndex * 1296 + copies).toString(36).toUpperCase().padStart(4, '0');
  const copy = id.slice(0, 6) + mark + id.slice(10);
  return { id: copy, mark, lastWords: `copy ${mark}`, link: `https://www.youtube.com/watch?v=${copy}` };
}

export type Fault =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | { delay_ms: number }
  | { cut_after_bytes: number }
  | 'hold'
  | 'empty'
  | 'garbage';

export interface Asked {
  n: number;
  method: string;
  path: string;
  query: string;
  body: unknown;
  model: string | null;
}

export class Upstream {
  constructor(private readonly url: string) {}

  /** Sets a fault for requests whose path has `match` in it and whose body has `bodyContains`. */
  async fault(match: string, fault: Fault, more: { bodyContains?: string; times?: number } = {}) {
    const body = { match, fault, body_contains: more.bodyContains, times: more.times };
    await this.control('POST', 'faults', body);
  }

  /** Lets the requests go on that are being held. */
  release = () => this.control('POST', 'release');

  /** Takes back all faults and ends all holds. */
  clear = () => this.control('DELETE', 'faults');

  /** The requests whose path has `path` in it and whose body has `bodyContains`. */
  async asked(path: string, bodyContains = ''): Promise<Asked[]> {
    const response = await this.control('GET', 'log');
    const log = (await response.json()) as Asked[];
    return log.filter((entry) => entry.path.includes(path) && JSON.stringify(entry.body).includes(bodyContains));
  }

  /** Waits until such a request has come; one that is held stays open. */
  async awaits(path: string, bodyContains: string) {
    await expect.poll(async () => (await this.asked(path, bodyContains)).length, { timeout: 30_000 }).toBeGreaterThan(0);
  }

  private async control(method: string, what: string, body?: unknown) {
    const response = await fetch(`${this.url}/_control/${what}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`the upstream answered ${response.status} to ${method} ${what}: ${await response.text()}`);
    }
    return response;
  }
}

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CounterSource } from '../record/counter-source.ts';
import { countedBetween, VmmCounterProbe } from './vmm-counters.ts';

let folder: string;
let server: Server;
let answers: string[];
const asked: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vmm-counters-'));
  answers = [];
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const answer = answers.shift();
    response.statusCode = answer === undefined ? 400 : 200;
    response.end(answer ?? 'no such action');
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'api'), resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function source(changes: Partial<CounterSource> = {}): CounterSource {
  return {
    source: 'a VMM',
    request: { socket: join(folder, 'api'), method: 'GET', path: '/counters', body: null },
    file: null,
    counts: 'total',
    read: (text) => JSON.parse(text) as Record<string, number>,
    names: { fromGuest: { packets: 'tx', bytes: null }, toGuest: { packets: 'rx', bytes: 'rx_bytes' } },
    ...changes,
  };
}

describe("the VMM's own counters", () => {
  it('are the difference of two answers, and say what crossed the card as far as the VMM counts it', async () => {
    answers = ['{"tx": 5, "rx": 1}', '{"tx": 25, "rx": 1, "rx_bytes": 700}'];
    const probe = new VmmCounterProbe(source());
    const before = await probe.snapshot();
    expect(probe.difference(before, await probe.snapshot())).toEqual({
      source: 'a VMM',
      fromGuest: { packets: 20, bytes: null },
      toGuest: { packets: 0, bytes: 700 },
      counters: { tx: 20, rx_bytes: 700 },
    });
    expect(asked).toEqual(['GET /counters', 'GET /counters']);
  });

  it('stand as they are where the VMM itself counts from one question to the next', () => {
    expect(countedBetween({ tx: 5 }, { tx: 7 }, 'since-last')).toEqual({ tx: 7 });
  });

  it('are the last line of a file that the VMM writes its totals to when it is asked', async () => {
    const file = join(folder, 'metrics');
    writeFileSync(file, '{"tx": 1}\n{"tx": 2}\n');
    answers = ['', ''];
    const probe = new VmmCounterProbe(source({ file }));
    const before = await probe.snapshot();
    expect(before).toEqual({ tx: 2 });
    appendFileSync(file, '{"tx": 9}\n');
    expect(probe.difference(before, await probe.snapshot()).counters).toEqual({ tx: 7 });
  });

  it('are the sum of the lines of a window where each line starts anew, those that nobody asked for too', async () => {
    const file = join(folder, 'metrics');
    writeFileSync(file, '{"tx": 100, "rx": 4}\n{"tx": 3}\n');
    answers = ['', ''];
    const probe = new VmmCounterProbe(source({ file, counts: 'since-last' }));
    const before = await probe.snapshot();
    // What the VMM writes by itself in the window, and then when it is asked at its end.
    appendFileSync(file, '{"tx": 20, "rx": 1}\n{"tx": 5}\n');
    const reading = probe.difference(before, await probe.snapshot());
    expect(reading.counters).toEqual({ tx: 25, rx: 1 });
    expect(reading.fromGuest.packets).toBe(25);
  });

  it('fail with what the VMM answered, and where nothing was written', async () => {
    await expect(new VmmCounterProbe(source()).snapshot()).rejects.toThrow('status 400: no such action');
    const file = join(folder, 'metrics');
    writeFileSync(file, '');
    answers = [''];
    await expect(new VmmCounterProbe(source({ file })).snapshot()).rejects.toThrow('wrote no counters');
  });

  it('fail where nobody listens', async () => {
    const request = { socket: join(folder, 'nobody'), method: 'GET', path: '/', body: null } as const;
    await expect(new VmmCounterProbe(source({ request })).snapshot()).rejects.toMatchObject({ code: 'VMM_FAILED' });
  });
});

import { readFullLog } from '../../src/workload/sockperf/output/log.ts';

/** `node read-log.ts FILE ROWS`: reads one log once, and says how fast and in how much memory. */
const [path = '', rows = '0'] = process.argv.slice(2);
const startMs = performance.now();
await readFullLog(path, Number(rows));
const seconds = (performance.now() - startMs) / 1000;
const residentBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ rowsPerSecond: Number(rows) / seconds, residentBytes }));

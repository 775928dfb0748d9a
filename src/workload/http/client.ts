import { wholeSeconds } from '../whole-seconds.ts';
import type { ClientCommand, WorkloadPlace } from '../workload.ts';
import type { HttpSpec } from './record.ts';
import { bodyPath, port } from './server.ts';

/** What a line of figures begins with. */
export const figuresMark = 'tapbench ';

/**
 * wrk runs it at its end, as its own text is rounded. Its interface to Lua (SCRIPTING of its package) looks for each time from the least one on, which takes
 * seconds; so the table is read where it lies: count, limit, min, max, then how many requests took 0, 1, 2, ... us (src/stats.h of wrk 4).
 *
 * Before that wrk has corrected it for coordinated omission (src/stats.c, `stats_correct`): of each time it has counted those that follow when the mean
 * interval of a connection is taken off again and again, for requests that were never sent. Of a time above the interval that is what is counted one interval
 * higher: it is taken off here, and what is left must be the requests that were answered.
 */
function script({ connections }: HttpSpec): string {
  const fields = 'requests bytes us requestBytes connect read write status timeout'.split(' ');
  const format = [...fields.map((name) => `"${name}":%d`), '"times":[%s]'].join(',');
  // On one line: a guest is told no other.
  return [
    'function done(s, l) wrk.init({})',
    'local stats = require("ffi").cast("uint64_t **", l)[0]',
    'local function at(i) return tonumber(stats[i]) end',
    'assert(at(2) == l.min and at(3) == l.max, "not the statistics of wrk 4")',
    'local e, times, last, interval = s.errors, {}, 0, math.huge',
    'if at(0) ~= s.requests - e.timeout then',
    `interval = math.floor(s.duration / math.floor(s.requests / ${String(connections)})) end`,
    'for us = at(2), at(3) do local count = at(4 + us)',
    'if us > interval and us + interval <= at(3) then count = count - at(4 + us + interval) end',
    'if count ~= 0 then times[#times + 1], last = us - last .. "," .. count, us end end',
    `print(string.format('${figuresMark}{${format}}', s.requests, s.bytes, s.duration, #wrk.format(),`,
    'e.connect, e.read, e.write, e.status, e.timeout, table.concat(times, ","))) end',
  ].join(' ');
}

/** $1: the folder for the script, $2: the script; then wrk's own words. */
const shell = 'echo "$2" >"$1/wrk.lua" && script=$1/wrk.lua && shift 2 && exec wrk -s "$script" "$@"';

export function client(spec: HttpSpec, { serverAddress, clientFolder }: WorkloadPlace): ClientCommand {
  const { threads, connections, durationNs, keepAlive } = spec;
  const words = ['-t', String(threads), '-c', String(connections), '-d', `${String(wholeSeconds(durationNs))}s`];
  const closing = keepAlive ? [] : ['-H', 'Connection: close'];
  const url = `http://${serverAddress}:${String(port)}${bodyPath}`;
  return {
    argv: ['sh', '-c', shell, 'wrk', clientFolder, script(spec), ...words, '--latency', ...closing, url],
    env: {},
    outputs: {},
  };
}

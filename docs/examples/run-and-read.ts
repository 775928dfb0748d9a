/**
 * Measures with the built-in experiment `quick` where it may, else reads a stored run, and prints each figure that may be used.
 *     node run-and-read.ts [RUN]
 */
import { isUsable, type Measurement, type Run, readRun, run, TapbenchError } from 'tapbench';

async function measure(): Promise<Run> {
  const result = await run({
    choice: { nameOrPath: 'quick', overrides: [] },
    onProgress: (event) => {
      if (event.kind === 'start') console.error(`... ${event.text}`);
    },
  });
  if (result.error !== null) throw result.error;
  return result.run;
}

/** One line a figure; one with a reason where there is none, or where it must not be used. */
function describe(measurement: Measurement): string {
  const { workload, throughput, latency, cost, findings } = measurement;
  const figure = throughput === null ? 'latency' : 'throughput';
  if (!isUsable(measurement, figure)) {
    const reasons = findings.filter(({ level }) => level === 'void').map(({ message }) => message);
    return `${workload}: void: ${reasons.join('; ')}`;
  }
  if (throughput !== null) {
    const calls = cost.systemCallsPerGigabyte?.toFixed(0) ?? 'unknown';
    return `${workload}: ${(throughput.bitsPerSecond / 1e9).toFixed(2)} Gbit/s, ${calls} system calls a gigabyte`;
  }
  const p50Ns = latency?.roundTripNs.p50 ?? null;
  if (p50Ns === null) return `${workload}: not measured`;
  const calls = cost.systemCallsPerRoundTrip?.toFixed(2) ?? 'unknown';
  return `${workload}: ${(p50Ns / 1e3).toFixed(1)} us a round trip, ${calls} system calls`;
}

const [, , wanted] = process.argv;
try {
  const isMeasuring = wanted === undefined && process.getuid?.() === 0;
  const found = isMeasuring ? await measure() : (await readRun(wanted ?? 'latest')).run;
  console.log(`${found.runId}: ${found.status}`);
  for (const trial of found.trials) {
    if (trial.failure !== null) console.log(`boot ${String(trial.boot)} failed: ${trial.failure.message}`);
    for (const measurement of trial.measurements) console.log(`boot ${String(trial.boot)}, ${describe(measurement)}`);
  }
} catch (error) {
  if (!(error instanceof TapbenchError)) throw error;
  console.error(error.message, error.hint ?? '');
  process.exitCode = error.exitStatus;
}

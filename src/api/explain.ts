import { type Fingerprint, type FingerprintCall, fingerprintsOf } from '../derive/fingerprint.ts';
import type { Run } from '../record/run.ts';
import type { ExplainedCall, ExplainedFingerprint, FingerprintChange } from '../report/explain.ts';
import { fingerprintCallName } from '../report/measurement/fingerprint-text.ts';
import type { CallMeaning, KnownFingerprint, VmmDriver } from '../vmm/driver.ts';
import { drivers } from '../vmm/drivers.ts';
import { isEarlier } from '../vmm/version-order.ts';
import { requestsOf } from '../workload/questions.ts';

function explainedCall(call: FingerprintCall, meanings: readonly CallMeaning[]): ExplainedCall {
  const ofRole = meanings.filter((one) => one.role === call.role && one.call === call.call);
  // A meaning without a request is for the call whatever is asked of it.
  const found =
    ofRole.find((one) => one.request === call.request) ?? ofRole.find((one) => one.request === null) ?? null;
  return { call, step: found?.step ?? null, meaning: found?.meaning ?? null, source: found?.source ?? null };
}

/** A version that is not known may be any. */
function isOfVersion({ versions: { from, before } }: KnownFingerprint, version: string | null): boolean {
  if (version === null) return before === null;
  return (from === null || !isEarlier(version, from)) && (before === null || isEarlier(version, before));
}

/** Of several requests under way at once, one call may carry more than one. */
function isOneAtATime({ workload }: Fingerprint): boolean {
  const mode = requestsOf(workload)?.mode ?? null;
  return mode !== 'under-load' && mode !== 'closed-loop';
}

function isOf(known: KnownFingerprint, fingerprint: Fingerprint): boolean {
  const { configuration, vmm, unit } = fingerprint;
  return (
    isOneAtATime(fingerprint) &&
    isOfVersion(known, vmm.version) &&
    known.accel === vmm.accel &&
    known.unit === unit &&
    known.vhost === configuration.nic?.vhost &&
    Object.entries(known.options).every(([name, value]) => vmm.options[name] === value)
  );
}

/** Windows begin and end within a unit of work, and interrupts come together now and then. */
const tolerance = 0.25;

/** What of a fingerprint is not as it was known; null where none is known for the like of it. */
function changesOf(fingerprint: Fingerprint, driver: VmmDriver | null): ExplainedFingerprint['known'] {
  const known = driver?.fingerprints.find((one) => isOf(one, fingerprint));
  if (known === undefined) return null;
  const nameOf = (call: FingerprintCall) => `${call.role ?? 'unknown thread'} ${fingerprintCallName(call)}`;
  const now = new Map(fingerprint.calls.map((call) => [nameOf(call), call]));
  const changed = Object.entries(known.calls).flatMap(([call, before]): FingerprintChange[] => {
    const after = now.get(call);
    const count = after?.perUnit ?? 0;
    return Math.abs(count - before) <= tolerance ? [] : [{ call, before, after: count }];
  });
  const names = new Set([...Object.keys(known.calls), ...known.otherCalls]);
  const added = [...now].flatMap(([call, { perUnit }]): FingerprintChange[] =>
    names.has(call) || perUnit <= tolerance ? [] : [{ call, before: 0, after: perUnit }],
  );
  return { measuredWith: known.measuredWith, changes: [...changed, ...added] };
}

/** What each call of one fingerprint does in the data path of its VMM, and whether the counts are as they were known. */
export function explainFingerprint(fingerprint: Fingerprint): ExplainedFingerprint {
  const driver = drivers.get(fingerprint.vmm.kind ?? '') ?? null;
  return {
    fingerprint,
    calls: fingerprint.calls.map((call) => explainedCall(call, driver?.calls ?? [])),
    known: changesOf(fingerprint, driver),
  };
}

/** The fingerprints of all VMMs of a run, explained. */
export function explainRun(run: Run): ExplainedFingerprint[] {
  return fingerprintsOf(run).map(explainFingerprint);
}

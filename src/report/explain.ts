import type { Fingerprint, FingerprintCall } from '../derive/fingerprint.ts';
import { fingerprintCallName, fingerprintLine, fingerprintVmm } from './measurement/fingerprint-text.ts';
import { type Paint, paint as paintOf } from './text/paint.ts';
import { printable } from './text/printable.ts';
import { formatNumber } from './text/units.ts';
import { type Look, wrap } from './text/wrap.ts';

/** A call with what it is for; null parts where the VMM's table does not have it. */
export interface ExplainedCall {
  readonly call: FingerprintCall;
  readonly step: string | null;
  readonly meaning: string | null;
  readonly source: string | null;
}

/** A count a unit that is not what it was; 0: not there. */
export interface FingerprintChange {
  /** `ROLE CALL [REQUEST]` */
  readonly call: string;
  readonly before: number;
  readonly after: number;
}

export interface ExplainedFingerprint {
  readonly fingerprint: Fingerprint;
  readonly calls: readonly ExplainedCall[];
  /** What was known of the like of it; null where nothing was. */
  readonly known: { readonly measuredWith: string; readonly changes: readonly FingerprintChange[] } | null;
}

function knownText({ known }: ExplainedFingerprint): string {
  if (known === null) return 'No known fingerprint to compare with.';
  if (known.changes.length === 0) return `As known: ${known.measuredWith}.`;
  const changes = known.changes.map(
    ({ call, before, after }) => `${call} ${String(before)} -> ${after === 0 ? 'none' : formatNumber(after)}`,
  );
  return `CHANGED against ${known.measuredWith}: ${changes.join(', ')}.`;
}

/** One line for each fingerprint that is not as it was known; nothing where all are. */
export function changedFingerprints(
  explained: readonly ExplainedFingerprint[],
  { columns, isColor }: { columns: number; isColor: boolean },
): string[] {
  const look: Look = { columns, paint: paintOf(isColor) };
  return explained
    .filter(({ known }) => known !== null && known.changes.length > 0)
    .flatMap((one) => {
      const { configuration, workload } = one.fingerprint;
      const name = `fingerprint of ${configuration.name}, ${workload.name}: ${knownText(one)} (tapbench explain)`;
      return wrap(name, look, '').map(look.paint.warning);
    });
}

function fingerprintLines(one: ExplainedFingerprint, look: Look): string[] {
  const { configuration, workload, onlyCalls } = one.fingerprint;
  const only = onlyCalls === null ? '' : ` (only ${onlyCalls.join(', ')} were traced)`;
  return [
    look.paint.heading(printable(`${configuration.name}, ${workload.name}${only}`)),
    ...wrap(fingerprintLine(one.fingerprint), look, '  '),
    ...wrap(knownText(one), look, '  '),
    '',
  ];
}

function callLines({ call, step, meaning, source }: ExplainedCall, look: Look): string[] {
  const { paint } = look;
  const name = printable(`${call.role ?? 'unknown thread'}  ${fingerprintCallName(call)}`);
  return [
    `  ${paint.strong(name)}  ${paint.faint(step ?? 'not explained')}`,
    ...wrap(meaning ?? 'the table of this VMM does not have this call', look, '    '),
    ...(source === null ? [] : wrap(source, look, '    ').map((line) => paint.faint(line))),
  ];
}

/** Each call of a VMM once, whichever fingerprints it is in. */
function meaningLines(explained: readonly ExplainedFingerprint[], look: Look): string[] {
  const byVmm = Map.groupBy(explained, ({ fingerprint }) => fingerprintVmm(fingerprint));
  return [...byVmm].flatMap(([vmm, own]) => {
    const calls = new Map<string, ExplainedCall>();
    for (const one of own.flatMap((each) => each.calls)) {
      const key = JSON.stringify([one.call.role, one.call.call, one.call.request]);
      if (!calls.has(key)) calls.set(key, one);
    }
    const lines = [...calls.values()].flatMap((call) => callLines(call, look));
    return [look.paint.heading(printable(`What ${vmm} calls them for`)), ...lines, ''];
  });
}

/** `tapbench explain`: each fingerprint on one line, then what the calls are for. Ends in a newline. */
export function explainText(
  explained: readonly ExplainedFingerprint[],
  { columns, isColor }: { columns: number; isColor: boolean },
): string {
  const paint: Paint = paintOf(isColor);
  if (explained.length === 0) return 'No system calls were counted in this run (trace: off, or every count is void).\n';
  const look: Look = { columns, paint };
  return [...explained.flatMap((one) => fingerprintLines(one, look)), ...meaningLines(explained, look)].join('\n');
}

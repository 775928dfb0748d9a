import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'host-not-said';

/** Fields that are named; of more only the number. */
const mostFields = 12;

/** What only tapbench can know, and how a trial went: no reader of a note asks for it. */
const bookkeeping = new Set([
  ...['startedAt', 'endedAt', 'window', 'consoleBytes', 'phases', 'toolCpuInWindowsNs', 'toolResidentBytes'],
  ...['preparation', 'configuration.trace'],
]);

/** A path between programs of the host has none of them. */
const ofGuests = /^(?:configuration\.)?(?:vmm|guest|nic)(?:\.|$)/;

/** A trial says the same to each of its measurements, of which a note may have thousands. */
const known = new WeakMap<
  AuditContext['trial'],
  { readonly host: AuditContext['host']; readonly fields: readonly string[] }
>();

/** Fields of the trial that shape a figure, each once: what was chosen and what was found are one question to a reader. */
function fieldsOfTrial({ trial, host }: AuditContext): string[] {
  const isBare = trial.configuration.topology === 'host-to-host';
  const said = Object.keys(trial.notSaid).filter(
    (field) => !bookkeeping.has(field) && !(isBare && ofGuests.test(field)),
  );
  const isHostNamed = said.some((field) => field.split('.')[0] === 'host');
  const fields = said.map((field) => field.replace(/^configuration\./, ''));
  return [...new Set([...(host === null && !isHostNamed ? ['host'] : []), ...fields])];
}

function fieldsOf(context: AuditContext): readonly string[] {
  const { trial, host } = context;
  const before = known.get(trial);
  if (before !== undefined && before.host === host) return before.fields;
  const fields = fieldsOfTrial(context);
  known.set(trial, { host, fields });
  return fields;
}

/** What a reader would have to know to do it again, and the note doesn't say: machine, VMM, kernels. */
export const hostNotSaid: Audit = {
  name: audit,
  holdsFor: 'window',
  judge(context: AuditContext): Finding[] {
    if (context.source.kind !== 'lab-note') return [];
    const fields = fieldsOf(context);
    if (fields.length === 0) return [];
    const more = fields.length > mostFields ? ` and ${String(fields.length - mostFields)} more` : '';
    const message = `the note does not say: ${fields.slice(0, mostFields).join(', ')}${more}`;
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};

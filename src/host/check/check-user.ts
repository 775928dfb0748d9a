import { privilegeRefusal } from '../lab-refusal.ts';
import { type Requirement, requirement } from './requirement.ts';

/** What package.json asks for under `engines`: node:sqlite and TypeScript without a build. */
const minimumNodeMajor = 24;

/** Who runs us, and on what. */
export function checkUser(): Requirement[] {
  const userId = process.getuid?.() ?? 0;
  const refusal = privilegeRefusal();
  return [
    requirement({
      name: 'Node.js',
      isOk: Number(process.versions.node.split('.')[0]) >= minimumNodeMajor,
      what: `${process.versions.node} (${process.execPath})`,
      meaning: `tapbench needs Node >= ${String(minimumNodeMajor)}`,
      mend: './tapbench in a checkout brings it',
      isVital: true,
    }),
    requirement({
      name: 'root',
      isOk: refusal === null,
      what: refusal === null ? 'root' : userId === 0 ? refusal.reason : `user ${String(userId)}`,
      meaning: 'namespaces, taps and tracing need root; reading stored runs does not',
      mend: userId === 0 ? (refusal?.hint ?? null) : 'sudo tapbench ...',
      isVital: true,
    }),
  ];
}

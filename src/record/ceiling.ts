import type { RecordedConfiguration } from './recorded-experiment.ts';

type MaybeCeiling = Pick<RecordedConfiguration, 'ceilingOf'>;

/** Whether a configuration is there only for others to be held against: what the host's own stack gives, without a VM. */
export function isCeiling({ ceilingOf }: MaybeCeiling): boolean {
  return ceilingOf !== undefined;
}

/** What was asked for by itself. Figures of the two kinds are never mixed. */
export function withoutCeilings<C extends MaybeCeiling>(configurations: readonly C[]): C[] {
  return configurations.filter((one) => !isCeiling(one));
}

/** The ceiling of a configuration; null where it has none. */
export function ceilingFor<C extends MaybeCeiling>(configurations: readonly C[], name: string): C | null {
  return configurations.find(({ ceilingOf }) => ceilingOf?.includes(name) === true) ?? null;
}

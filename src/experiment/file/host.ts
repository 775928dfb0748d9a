import { z } from 'zod';
import { parseCpuList } from '../../host/cpu-list.ts';
import { type PinnedRole, type PrepareSpec, pinnedRole, prepareSpec } from '../../record/experiment.ts';
import { chosenSchema, closed, durationOrZero, onOff } from '../../written/value.ts';

/** CONFIG_NR_CPUS of Linux on x86 goes up to 8192. */
const mostCpu = 8191;

/** Characters of one list: each CPU by itself, and no list that is written out to millions. */
const mostListCharacters = 1_024;

const cpuListPattern = /^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/;

/** A CPU, a list of them, or text such as `0,2-3`. */
const cpus = z
  .unknown()
  .transform((value, context): number[] => {
    const texts = (Array.isArray(value) ? value : [value]).map((part: unknown) =>
      typeof part === 'number' || typeof part === 'string' ? String(part) : '',
    );
    const list = texts.every((text) => text.length <= mostListCharacters && cpuListPattern.test(text))
      ? texts.flatMap(parseCpuList)
      : [];
    const isRepeated = new Set(list).size !== list.length;
    if (list.length > 0 && !isRepeated && list.every((cpu) => cpu <= mostCpu)) return list;
    const message = `must be CPUs, each once, such as 2, [2, 3] or 0,2-3 (0 to ${String(mostCpu)})`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({
    anyOf: [
      { type: 'integer', minimum: 0, maximum: mostCpu },
      { type: 'string', pattern: cpuListPattern.source },
      { type: 'array', minItems: 1, items: { type: ['integer', 'string'] } },
    ],
  });

const pinWord = z.enum(['none', 'auto']);
const roles = pinnedRole.options;
const pinMap = closed({
  vcpu: cpus.optional(),
  vmm: cpus.optional(),
  vhost: cpus.optional(),
  client: cpus.optional(),
  server: cpus.optional(),
} satisfies Record<PinnedRole, unknown>);

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Pin = PrepareSpec['pin'];

const pin = chosenSchema<Pin>((value) =>
  isMap(value)
    ? pinMap.transform((map) => Object.fromEntries(roles.flatMap((role) => (map[role] ? [[role, map[role]]] : []))))
    : pinWord,
).meta({
  // Made when the schema is asked for: a run does without.
  get anyOf() {
    return [
      { enum: pinWord.options },
      { ...z.toJSONSchema(pinMap, { io: 'input', unrepresentable: 'any' }), $schema: undefined },
    ];
  },
});

const microsecondNs = 1e3;
/** Idle states with a longer exit than this don't exist: a limit above it is a slip. */
const mostIdleLatencyNs = 1e9;

const idleLatency = durationOrZero
  .refine((ns) => ns % microsecondNs === 0, 'must be whole microseconds: the kernel counts in them')
  .refine((ns) => ns <= mostIdleLatencyNs, 'must be at most 1s');

/** `prepare:` as users write it. */
export const prepareInFile = closed({
  pin: pin.prefault('none'),
  /** CPUFREQ_NAME_LEN of the kernel is 16, with the zero byte. */
  governor: z
    .string()
    .regex(/^[a-z0-9_-]{1,15}$/, 'must be the name of a governor, such as performance')
    .nullable()
    .default(null),
  turbo: onOff.nullable().default(null),
  idleLatency: idleLatency.nullable().default(null),
  ksm: onOff.nullable().default(null),
  transparentHugepages: z.enum(prepareSpec.shape.transparentHugepages.unwrap().options).nullable().default(null),
  irqbalance: onOff.nullable().default(null),
});

/** `prepare:` in base units. */
export function prepareRecord({ idleLatency: idleLatencyNs, ...rest }: z.infer<typeof prepareInFile>): PrepareSpec {
  return { ...rest, idleLatencyUs: idleLatencyNs === null ? null : idleLatencyNs / microsecondNs };
}

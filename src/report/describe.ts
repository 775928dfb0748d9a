import type { Configuration, OffloadSpec, WorkloadSpec } from '../record/experiment.ts';
import type { Run } from '../record/run.ts';
import type { Trial } from '../record/trial.ts';
import { formatRate, formatSize, formatSpan } from './units.ts';

/** What every output of a run on an emulated CPU says. */
export const emulatedCpuWarning = 'emulated CPU: not comparable with hardware virtualisation';

/** Whether any boot of the run was emulated. */
export function isEmulated(run: Run): boolean {
  return run.trials.some((trial) => trial.vmm?.accel === 'tcg');
}

function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** `tcp, 4 streams, upload, 30 s` */
export function workloadText(spec: WorkloadSpec): string {
  switch (spec.kind) {
    case 'iperf3': {
      const rate = spec.targetBitsPerSecond === null ? [] : [formatRate(spec.targetBitsPerSecond)];
      const buffer = spec.bufferBytes === null ? [] : [`${formatSize(spec.bufferBytes)} buffer`];
      return [
        spec.protocol,
        plural(spec.streams, 'stream'),
        spec.direction,
        ...rate,
        ...buffer,
        formatSpan(spec.durationNs),
      ].join(', ');
    }
    case 'sockperf': {
      const pace = spec.messagesPerSecond === null ? [] : [`${String(spec.messagesPerSecond)} messages/s`];
      return [spec.protocol, spec.mode, `${String(spec.messageBytes)} B`, ...pace, formatSpan(spec.durationNs)].join(
        ', ',
      );
    }
  }
}

/** What the path may not leave to its other end: nothing where all is on. */
function offloadTexts(offloads: OffloadSpec): string[] {
  const off = Object.entries(offloads).flatMap(([name, isOn]) => (isOn ? [] : [name]));
  return off.length === 0 ? [] : [`${off.join('+')} off`];
}

/** One configuration in the words of what really ran: `qemu 7.2.15, kvm, 1 vCPU, 512 MiB, MTU 1500`. */
export function configurationText(configuration: Configuration, trials: readonly Trial[]): string {
  const vmm = trials.find((trial) => trial.vmm !== null)?.vmm ?? null;
  const { kind, accel, vcpus, memoryBytes } = configuration.vmm;
  return [
    vmm === null ? kind : `${vmm.kind} ${vmm.version}`,
    vmm === null ? `accel ${accel}` : vmm.accel,
    plural(vcpus, 'vCPU'),
    formatSize(memoryBytes),
    `MTU ${String(configuration.nic.mtu)}`,
    ...offloadTexts(configuration.nic.offloads),
    configuration.topology,
  ].join(', ');
}

import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machineFolder } from '../../../test/sample/machine-folder.ts';
import { machineFiles } from '../machine-files.ts';
import { moduleMend } from './module-mend.ts';

it('loads the first module that the running kernel has, however its file is spelled, and nothing where it has none', () => {
  const root = machineFolder({
    '/proc/sys/kernel/osrelease': '6.1.0-49-cloud-amd64\n',
    '/lib/modules/6.1.0-49-cloud-amd64/modules.dep':
      'kernel/arch/x86/kvm/kvm-amd.ko.xz: kernel/arch/x86/kvm/kvm.ko.xz\nkernel/net/sched/sch_netem.ko:\n',
  });
  const files = machineFiles(root);
  expect(moduleMend(files, ['kvm_intel', 'kvm_amd'])).toBe('modprobe kvm_amd');
  expect(moduleMend(files, ['sch_netem'])).toBe('modprobe sch_netem');
  expect(moduleMend(files, ['kvm'])).toBeNull();
  rmSync(root, { recursive: true });
});

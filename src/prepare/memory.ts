import type { PrepareSpec } from '../record/experiment.ts';
import type { HostSetting } from '../record/trial.ts';
import type { Preparing } from './preparing.ts';
import { setFile } from './set-file.ts';

export const ksmFile = '/sys/kernel/mm/ksm/run';
export const hugepagesFile = '/sys/kernel/mm/transparent_hugepage/enabled';

/** 0: stopped, what is merged stays merged; 1: merges; 2: stopped, and everything was unmerged (Documentation/admin-guide/mm/ksm.rst). */
const ksmRun = { stopped: '0', merging: '1', unmerged: '2' };

export function setKsm(preparing: Preparing, isOn: boolean): HostSetting {
  return setFile(preparing, {
    field: 'ksm',
    path: ksmFile,
    wanted: isOn ? ksmRun.merging : ksmRun.stopped,
    asGood: isOn ? [] : [ksmRun.unmerged],
    whyAbsent: 'the kernel was built without page merging',
  });
}

type Hugepages = NonNullable<PrepareSpec['transparentHugepages']>;

/** For memory that is asked for from now on: what a process has already stays as it is (Documentation/admin-guide/mm/transhuge.rst). */
export function setTransparentHugepages(preparing: Preparing, wanted: Hugepages): HostSetting {
  return setFile(preparing, {
    field: 'transparentHugepages',
    path: hugepagesFile,
    wanted,
    whyAbsent: 'the kernel was built without transparent huge pages',
  });
}

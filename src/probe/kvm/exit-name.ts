import { constants } from 'node:os';
import { kvmRunExits } from './run-exit-table.ts';
import { isa } from './script.ts';
import { svmExitCodes } from './svm-exit-code-table.ts';
import { vmxExitReasons } from './vmx-exit-reason-table.ts';

const hex = (number: number): string => `0x${number.toString(16)}`;

/** The low half of VMX's exit reason is the reason, the rest are flags; the highest: the entry failed (Intel SDM, volume 3, "Basic VM-Exit Information"). */
const basicReason = 0xffff;
const failedEntry = 2 ** 31;

/** @param of instruction set as kvm:kvm_exit numbers it @param reason 32 bits, unsigned */
export function exitName(of: number, reason: number): string {
  if (of === isa.svm) return svmExitCodes.get(reason) ?? hex(reason);
  if (of !== isa.vmx) return hex(reason);
  const basic = reason & basicReason;
  const name = vmxExitReasons.get(basic) ?? hex(basic);
  return reason >= failedEntry ? `${name} FAILED_VMENTRY` : name;
}

/** Name of a return of KVM_RUN: of its error (`EINTR`: a signal) where it failed, else of its reason. */
export function returnName(errorNumber: number, reason: number): string {
  if (errorNumber === 0) return kvmRunExits.get(reason) ?? hex(reason);
  const known = Object.entries(constants.errno).find(([, number]) => number === errorNumber)?.[0];
  return known ?? `error ${String(errorNumber)}`;
}

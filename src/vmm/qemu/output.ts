/**
 * `PROGRAM: warning: ...` and `info: ` (vreport of util/error-report.c of 7.2 to 10.0), behind the option or file that it is about, where it is
 * about one. What has neither is an error: also what libraries, assertions and KVM's state after a failure write there.
 */
const mild = /^\S+:(?: -.*?:)? (?:warning|info): /;

/** Whether a line of QEMU's stderr, which is all it has, is an error. */
export function isQemuError(line: string): boolean {
  return !mild.test(line);
}

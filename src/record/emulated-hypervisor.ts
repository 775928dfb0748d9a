/** `host.hypervisor` of a machine that QEMU emulates as a whole (TCG): its times say nothing about hardware. */
export const emulatedHypervisor = 'qemu-tcg';

/** What makes a path, as differences name it: virtio features, offloads, MTU, queues and notification of the network card, the host's end, the guest's kernel, and how the VMM was set. */
const prefixes = [
  ...['topology', 'nic', 'guest.nic', 'path', 'vmm.options', 'guest.kernel'],
  ...['guest.kernelRelease', 'guest.kernelVersion', 'guest.kernelSha256'],
];

/** Whether a fact of a comparison is one of the path itself: these come before all others. */
export function isPathFact(path: string): boolean {
  return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}.`));
}

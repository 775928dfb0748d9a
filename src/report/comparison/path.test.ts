import { describe, expect, it } from 'vitest';
import type { Difference } from '../../record/comparison.ts';
import { pathText } from './path.ts';

function difference(
  kind: Difference['kind'],
  path: string,
  [baseline, candidate]: readonly [string, string],
): Difference {
  return { kind, path, baseline, candidate, meaning: null };
}

describe('the line on the path', () => {
  it('says that it was the same where no fact of it differs', () => {
    const other = difference('unfair', 'vmm.version', ['7.2', '8.0']);
    expect(pathText({ differences: [other] })).toBe('Path: the same on both sides, as far as it was read.');
  });

  it('lists by name the features that one side alone negotiated, and what else nobody asked for', () => {
    const differences = [
      difference('unfair', 'guest.nic.virtioFeatures.VIRTIO_NET_F_MQ', ['on', 'off']),
      difference('unfair', 'guest.nic.virtioFeatures.VIRTIO_NET_F_HOST_TSO4', ['off', 'on']),
      difference('unfair', 'guest.nic.virtioFeatures.VIRTIO_F_RING_PACKED', ['on', 'varies: on in 2 boots, off in 1']),
      difference('unfair', 'path.notification', ['ioeventfd', 'vmm-exit']),
    ];
    expect(pathText({ differences })).toBe(
      'Path: not the same, and nobody asked for it: virtio features only in the baseline: VIRTIO_NET_F_MQ; ' +
        'virtio features only in the candidate: VIRTIO_NET_F_HOST_TSO4; virtio features not in every boot: VIRTIO_F_RING_PACKED; ' +
        'path.notification ioeventfd -> vmm-exit.',
    );
  });

  it('tells what was asked for from what was not', () => {
    const differences = [
      difference('unfair', 'path.queues', ['1', '2']),
      difference('asked', 'nic.mtu', ['1500', '9000']),
      difference('consequence', 'path.mtu', ['1500', '9000']),
    ];
    expect(pathText({ differences })).toBe(
      'Path: not the same, and nobody asked for it: path.queues 1 -> 2. also differs as asked: nic.mtu 1500 -> 9000; path.mtu 1500 -> 9000.',
    );
  });

  it('calls it unknown where a note does not say', () => {
    const differences = [difference('note', 'path', ['the note does not say', 'MTU 1500'])];
    expect(pathText({ differences })).toBe('Path: not known in full: a lab note does not say.');
  });
});

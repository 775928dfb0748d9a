import { describe, expect, it } from 'vitest';
import { sampleIperf3Spec, sampleSockperfSpec } from '../../../test/sample/experiment.ts';
import { topologyOf } from '../../lab-note/topology/heading-topology.ts';
import { topologyName } from '../../record/experiment.ts';
import { workloadSentence } from './workload-sentence.ts';

describe('the sentence of a workload', () => {
  it('is in the words of lab notes', () => {
    expect(workloadSentence('vm-to-host', sampleIperf3Spec())).toBe('VM as client sending bulk data to a host');
    expect(workloadSentence('host-to-vm', sampleSockperfSpec())).toBe(
      'VM as server receiving small requests from a host',
    );
  });

  it.each(topologyName.options)('names %s so that a reader of lab notes finds it again', (topology) => {
    expect(topologyOf([workloadSentence(topology, sampleIperf3Spec())]).topology).toBe(topology);
    expect(topologyOf([workloadSentence(topology, sampleSockperfSpec())]).topology).toBe(topology);
  });

  it('names no topology where none was said', () => {
    expect(topologyOf([workloadSentence(null, sampleIperf3Spec())])).toEqual({ topology: null, otherHeading: null });
    expect(workloadSentence(null, { ...sampleIperf3Spec(), direction: 'both' })).toBe(
      'Bulk data both ways at once, between whom is not said',
    );
  });
});

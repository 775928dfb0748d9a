import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount } from './quantity.ts';
import { roundTripShare, shareTolerance } from './round-trip-share.ts';

const audit = 'rate-times-latency';

/** Where 5 % of the time belongs to no round trip, the figures miss stalls as large as what a comparison looks for. */
const voidBelow = 0.95;

/**
 * One message is under way at any time in a ping-pong, so the round trips add up to the run: messages x 2 x mean half
 * round trip / duration = 1. More than 1 can't be (round trips would overlap): the figures contradict each other.
 * Less is time that passed outside of every recorded round trip, such as a stall or a lost message.
 */
export const rateTimesLatency: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const share = roundTripShare(measurement);
    if (share === null) return [];
    const { value: product, rounding } = share;
    if (Math.abs(product - 1) - rounding <= shareTolerance) return [];
    const means =
      product > 1 ? 'more than one message would have been under way' : 'there was time between the round trips';
    const isVoid = product > 1 || product + rounding < voidBelow;
    const message = `messages x mean round trip are ${amount(product)} of the duration, which should be 1: ${means}`;
    return [{ level: isVoid ? 'void' : 'doubt', audit, message, concerns: isVoid ? ['latency', 'cost'] : ['latency'] }];
  },
};

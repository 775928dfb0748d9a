import type { ComparedPair, Difference } from '../../record/comparison.ts';
import { isPathFact } from '../../record/path-fact.ts';
import { differenceValues, notSaid } from './text.ts';

/** Facts that are named; of more only the number. */
const mostNamed = 6;

const features = 'guest.nic.virtioFeatures.';

function isUnknown({ baseline, candidate }: Difference): boolean {
  return baseline === notSaid || candidate === notSaid;
}

function isOfPath({ path, ...one }: Difference): boolean {
  return isPathFact(path) || (isUnknown({ path, ...one }) && path === 'guest');
}

/** Virtio features that one side negotiated and the other did not: a list a side. */
function featureTexts(differences: readonly Difference[]): string[] {
  const named = (isIn: (one: Difference) => boolean) =>
    differences.filter(isIn).map(({ path }) => path.slice(features.length));
  const only = [
    ['only in the baseline', named(({ baseline, candidate }) => baseline === 'on' && candidate === 'off')],
    ['only in the candidate', named(({ baseline, candidate }) => baseline === 'off' && candidate === 'on')],
    ['not in every boot', named((one) => [one.baseline, one.candidate].some((text) => !['on', 'off'].includes(text)))],
  ] as const;
  return only.flatMap(([what, names]) => (names.length === 0 ? [] : [`virtio features ${what}: ${names.join(', ')}`]));
}

function factTexts(differences: readonly Difference[]): string[] {
  const ofFeatures = differences.filter(({ path }) => path.startsWith(features));
  const others = differences.filter(({ path }) => !path.startsWith(features));
  const texts = [
    ...featureTexts(ofFeatures),
    ...others.map((one) => `${one.path} ${differenceValues(one).join(' -> ')}`),
  ];
  const more = texts.length > mostNamed ? [`and ${String(texts.length - mostNamed)} more below`] : [];
  return [...texts.slice(0, mostNamed), ...more];
}

/** Whether the two sides were measured on the same path: what comes before all other differences. */
export function pathText({ differences }: Pick<ComparedPair, 'differences'>): string {
  const ofPath = differences.filter(isOfPath);
  const unasked = ofPath.filter(({ kind }) => kind === 'unfair');
  const known = ofPath.filter((one) => one.kind !== 'unfair' && !isUnknown(one));
  const unknown = ofPath.filter(isUnknown);
  const parts = [
    ...(unasked.length === 0 ? [] : [`not the same, and nobody asked for it: ${factTexts(unasked).join('; ')}`]),
    ...(known.length === 0
      ? []
      : [`${unasked.length === 0 ? 'differs' : 'also differs'} as asked: ${factTexts(known).join('; ')}`]),
    ...(unknown.length === 0 ? [] : ['not known in full: a lab note does not say']),
  ];
  return `Path: ${parts.length === 0 ? 'the same on both sides, as far as it was read' : parts.join('. ')}.`;
}
